import { readFileSync } from 'node:fs';
import { type FromRelay, ToRelay } from '@guruconnect/shared';
import * as z from 'zod/mini';
import { type RelayConfig, readRelayConfig } from './config.ts';
import { systemClock } from './core/clock.ts';
import { createLog } from './core/log.ts';
import { type RelayServer, type RelayTls, startRelayServer } from './relay/relay-server.ts';

/**
 * The relay of last resort, a process of its own: beside a server that tells it everything over IPC, or alone with
 * its configuration in the environment.
 */
const CONFIGURATION_FAULT = 78;
const LOOK_EVERY_MS = 10 * 60_000;
const clock = systemClock;
const log = createLog('relay', 'warn', (line) => process.stderr.write(line));
let relay: RelayServer | undefined;

async function stop(): Promise<void> {
  await relay?.close();
  process.exit(0);
}

/** Serves as the server says, and ends with it. */
function runAsChild(): void {
  // The server decides when this ends; a Ctrl-C or a service manager signals both processes at once.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => void stop());
  process.on('message', (raw) => {
    const message = z.parse(ToRelay, raw);
    if (message.type === 'start') void startAsTold(message);
    else if (message.type === 'certificate') relay?.renew(message.tls);
    else void stop();
  });
}

async function startAsTold({ host, port, secret, tls }: Extract<ToRelay, { type: 'start' }>) {
  try {
    relay = await startRelayServer({ host, port, secret, tls, clock, log });
    tell({ type: 'listening', port: relay.port });
  } catch (error) {
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
    if (process.connected) process.disconnect();
  }
}

function tell(message: FromRelay): void {
  process.send?.(message);
}

async function runAlone(config: RelayConfig): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
  const { host, port, secret, tlsFiles } = config;
  const readTls = (): RelayTls | undefined =>
    tlsFiles && {
      cert: readFileSync(tlsFiles.certFile, 'utf8'),
      key: readFileSync(tlsFiles.keyFile, 'utf8'),
    };
  relay = await startRelayServer({ host, port, secret, tls: readTls(), clock, log });
  if (tlsFiles) followFiles(readTls);
  process.stdout.write(`The relay listens on ${host}:${relay.port}\n`);
}

/** Certificates are renewed in place. Between the two files they may not fit for a moment: the old one serves on. */
function followFiles(readTls: () => RelayTls | undefined): void {
  clock.every(LOOK_EVERY_MS, () => {
    try {
      const tls = readTls();
      if (tls) relay?.renew(tls);
    } catch (error) {
      log.error({ error: String(error) }, 'the TLS certificate could not be renewed');
    }
  });
}

if (process.send) runAsChild();
else {
  try {
    await runAlone(readRelayConfig());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = CONFIGURATION_FAULT;
  }
}

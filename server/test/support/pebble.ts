import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, issueCertificate } from '../../src/tls/own-authority.ts';

/** An ACME authority, Let's Encrypt's own for tests, with a DNS in which every name leads to one address. */
export interface Pebble {
  readonly directoryUrl: string;
  /** Authority of its HTTPS, not of the certificates that it issues. */
  readonly caFile: string;
  /** Where it looks for the answers to HTTP challenges. */
  readonly httpPort: number;
  /** Root of the certificates that it issues, PEM. */
  rootCertificate(): Promise<string>;
  /** Where every name leads to from now on. */
  resolveTo(address: string): Promise<void>;
  close(): Promise<void>;
}

/** Short, because everything that a server does from time to time happens when a test moves its clock on. */
const CERTIFICATE_SECONDS = 6 * 60 * 60;

export async function startPebble(): Promise<Pebble> {
  const folder = mkdtempSync(join(tmpdir(), 'gc-pebble-'));
  const [port, management, httpPort, dns, dnsManagement] = await freePorts(5);
  const authority = createAuthority('Pebble', Date.now());
  const pair = issueCertificate(authority, ['127.0.0.1'], Date.now());
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const caFile = file('ca.pem', authority.certificate);
  const config = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: file('cert.pem', pair.certificate),
    privateKey: file('key.pem', pair.key),
    httpPort,
    tlsPort: httpPort,
    certificateValidityPeriod: CERTIFICATE_SECONDS,
  };
  const names = start('pebble-challtestsrv', [
    ...['-dns01', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${dnsManagement}`],
    ...['-http01', '', '-https01', '', '-tlsalpn01', '', '-defaultIPv4', '127.0.0.1', '-defaultIPv6', ''],
  ]);
  const pebble = start(
    'pebble',
    [
      '-strict',
      '-dnsserver',
      `127.0.0.1:${dns}`,
      '-config',
      file('config.json', JSON.stringify({ pebble: config })),
    ],
    // Half of all good nonces are refused, no proof is reused, nobody waits.
    { PEBBLE_WFE_NONCEREJECT: '50', PEBBLE_AUTHZREUSE: '0', PEBBLE_VA_NOSLEEP: '1' },
  );
  const close = async () => {
    await Promise.all([pebble.stop(), names.stop()]);
    rmSync(folder, { recursive: true });
  };
  try {
    const ports = [port, management, dnsManagement];
    await Promise.race([Promise.all(ports.map(untilListening)), names.ended, pebble.ended]);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    directoryUrl: `https://127.0.0.1:${port}/dir`,
    caFile,
    httpPort: httpPort ?? 0,
    rootCertificate: () => getText(`https://127.0.0.1:${management}/roots/0`, readFileSync(caFile, 'utf8')),
    resolveTo: async (ip) => {
      const url = `http://127.0.0.1:${dnsManagement}/set-default-ipv4`;
      const { ok } = await fetch(url, { method: 'POST', body: JSON.stringify({ ip }) });
      if (!ok) throw new Error('The DNS of the test did not take the address.');
    },
    close,
  };
}

/** A program of the test, ended by its own id. */
function start(program: string, args: readonly string[], environment: Record<string, string> = {}) {
  const child: ChildProcess = spawn(program, args, {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part: Buffer) => {
      output += part.toString('utf8');
    });
  }
  const closed = once(child, 'close').catch(() => undefined);
  const ended = closed.then(() => Promise.reject(new Error(`${program} ended:\n${output}`)));
  ended.catch(() => undefined);
  return {
    /** Rejects when it is gone. */
    ended,
    stop: async () => {
      child.kill();
      await closed;
    },
  };
}

/** Both programs say that they listen a moment before they do. */
async function untilListening(port = 0): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

function getText(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end();
  });
}

import { readConfig } from './config.ts';
import type { Log } from './core/ports.ts';
import { createLog } from './log.ts';
import { serverPaths } from './server-paths.ts';
import { createSessionsFeature } from './sessions/sessions-feature.ts';
import { type RunningServer, startServer } from './start-server.ts';

/** After so long a server that does not close is ended by force. */
const CLOSE_TIMEOUT_MS = 10_000;
const CONFIGURATION_FAULT = 78;

await main();

async function main(): Promise<void> {
  const config = tryReadConfig();
  if (!config) return;
  const log = createLog(config.logLevel);
  const stop = endOnSignals(log);
  try {
    const server = await startServer({
      config,
      paths: serverPaths(import.meta.url),
      log,
      createSessions: createSessionsFeature,
    });
    greet(server);
    stop.whenAsked(() => server.close());
    const error = await server.lost;
    log.error({ err: error }, 'the database is gone');
    stop.now(1);
  } catch (error) {
    log.error({ err: error }, 'the server could not start');
    say(`GuruConnect could not start: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

function tryReadConfig() {
  try {
    return readConfig();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = CONFIGURATION_FAULT;
    return undefined;
  }
}

function greet(server: RunningServer): void {
  const setupUrl = server.setupUrl();
  const lines = [
    `GuruConnect listens on ${server.url}`,
    ...(server.url === server.localUrl ? [] : [`On this computer: ${server.localUrl}`]),
    ...(server.authorityFile
      ? [`Its certificate authority, for browsers to trust: ${server.authorityFile}`]
      : []),
    ...(server.isCertificateProvisional
      ? ['It serves a certificate of its own authority until the one that it orders by ACME is there.']
      : []),
    ...(setupUrl ? [`Set it up with this link, good once: ${setupUrl}`] : []),
  ];
  say(lines.join('\n'));
}

/**
 * Ends the process in good order on SIGTERM and SIGINT, whenever they come, and on faults that nobody caught: a
 * program in an unknown state must not go on.
 */
function endOnSignals(log: Log) {
  let close: (() => Promise<void>) | undefined;
  let isEnding = false;
  let isAsked = false;

  function now(exitCode: number): void {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => {
      log.error({}, 'the server did not close in time');
      process.exit(1);
    }, CLOSE_TIMEOUT_MS).unref();
    (close?.() ?? Promise.resolve()).then(
      () => process.exit(exitCode),
      (error: unknown) => {
        log.error({ err: error }, 'the server did not close cleanly');
        process.exit(1);
      },
    );
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ signal }, 'closing');
      // While it starts there is nothing to close yet; it closes as soon as it has started.
      isAsked = true;
      if (close) now(0);
    });
  }
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(fault, (error: unknown) => {
      log.error({ err: error }, fault);
      now(1);
    });
  }
  return {
    now,
    whenAsked: (closeServer: () => Promise<void>) => {
      close = closeServer;
      if (isAsked) now(0);
    },
  };
}

/** Lines for people go to stdout; the log goes to stderr. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

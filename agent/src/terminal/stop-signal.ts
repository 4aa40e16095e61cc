import { describeError, type Log } from '../core/log.ts';

const DEADLINE_MS = 950;

/**
 * Ends the agent in order on Ctrl-C, when its terminal is closed, on SIGTERM and on a fault of our own; and in any
 * case within a second. A second signal ends it at once.
 */
export function onStopSignal(deps: {
  readonly stop: () => Promise<void>;
  readonly exit: (code: number) => void;
  readonly log: Log;
}): void {
  let stopping = false;
  const stop = (exitCode: number) => {
    if (stopping) return deps.exit(exitCode);
    stopping = true;
    setTimeout(() => deps.exit(exitCode), DEADLINE_MS).unref();
    deps.stop().catch((error: unknown) => deps.log.error({ error }, 'stopping failed'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(fault, (error: unknown) => {
      deps.log.error({ error: describeError(error) }, 'the agent has a fault and ends');
      stop(1);
    });
  }
}

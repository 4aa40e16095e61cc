/** Structured log for people who look for a fault; the person at the machine reads {@link StatusLines} instead. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number] | 'off';

/** One JSON object a line. Callers never pass tokens, codes or what was typed. */
export function createLog(level: LogLevel, write: (line: string) => void, now: () => number): Log {
  const lowest = level === 'off' ? LEVELS.length : LEVELS.indexOf(level);
  const at = (index: number, name: string) => (fields: object, message: string) => {
    if (index < lowest) return;
    write(
      `${JSON.stringify({ time: new Date(now()).toISOString(), level: name, message, ...readable(fields) })}\n`,
    );
  };
  return { debug: at(0, 'debug'), info: at(1, 'info'), warn: at(2, 'warn'), error: at(3, 'error') };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** Errors have no enumerable fields, so JSON would show them as `{}`. */
function readable(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? describeError(value) : value,
    ]),
  );
}

/** The message of anything thrown, with the messages of its causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} (${describeError(error.cause)})`;
}

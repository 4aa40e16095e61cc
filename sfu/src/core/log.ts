/** Structured log; never given a secret. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const LEVELS = ['info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** One line of JSON an entry. */
export function createLog(name: string, lowest: LogLevel, write: (line: string) => void): Log {
  const at = (level: Exclude<LogLevel, 'silent'>) => (fields: object, message: string) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(lowest)) return;
    write(`${JSON.stringify({ level, time: Date.now(), name, ...fields, msg: message })}\n`);
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

import { destination, pino } from 'pino';
import type { ServerConfig } from './config.ts';
import type { Log } from './core/ports.ts';

/** Names of fields that must never reach a log, wherever they stand. */
const SECRETS = [
  'password',
  'token',
  'cookie',
  'authorization',
  'csrfToken',
  'guestToken',
  'sessionToken',
  'sdp',
];

/** Structured lines on stderr; stdout is for people. */
export function createLog(level: ServerConfig['logLevel']): Log {
  return pino(
    {
      level,
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[hidden]' },
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ dest: 2, sync: true }),
  );
}

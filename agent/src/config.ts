import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { parseArgs } from 'node:util';
import { GuruError, normalizeSessionCode, type SessionCode } from '@guruconnect/shared';
import type { LogLevel } from './core/log.ts';

/** Everything the agent is told from outside; this file alone reads the environment and the command line. */
export interface AgentConfig {
  /** Scheme, host and port of the server. */
  readonly origin: string;
  /** undefined: ask the person. */
  readonly code: SessionCode | undefined;
  /** PEM of all certificate authorities to trust; undefined: node's own list. */
  readonly ca: readonly string[] | undefined;
  /** X display. */
  readonly display: string;
  /** Media uses this address alone; undefined for all. */
  readonly bindAddress: string | undefined;
  /** Show who is connected, and ask for consent, in windows of the agent's own on that display. */
  readonly windows: boolean;
  readonly stateDir: string;
  readonly logLevel: LogLevel;
}

export type CommandLine =
  | { readonly kind: 'run'; readonly config: AgentConfig }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

export const USAGE = `GuruConnect agent: lets a technician see and control this computer while it runs.

  guruconnect-agent --server https://support.example.com [--code 847291]

  --server URL       the address of the support portal (or GURUCONNECT_SERVER)
  --code DIGITS      the six digits from your technician; asked for when left out (or GURUCONNECT_CODE)
  --ca-file FILE     trust this certificate authority as well (or GURUCONNECT_CA_FILE)
  --display NAME     the X display to show, by default $DISPLAY
  --bind ADDRESS     use only this network address for the picture (or GURUCONNECT_BIND)
  --no-windows       say in the terminal alone who sees this computer, and ask for consent there
  --log LEVEL        write a log to the error output: debug, info, warn, error (or GURUCONNECT_LOG)
  --version, --help

Ctrl-C ends the session at any time.
`;

const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'off'];

/** Throws `invalid-message` with a sentence that says what to write instead. */
export function readCommandLine(
  argv: readonly string[] = process.argv.slice(2),
  env: Readonly<Record<string, string | undefined>> = process.env,
): CommandLine {
  const values = parse(argv);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const caFile = values['ca-file'] ?? env.GURUCONNECT_CA_FILE;
  return {
    kind: 'run',
    config: {
      origin: originOf(values.server ?? env.GURUCONNECT_SERVER),
      code: codeOf(values.code ?? env.GURUCONNECT_CODE),
      ca: caFile === undefined ? undefined : readCa(caFile),
      display: displayOf(values.display ?? env.DISPLAY),
      bindAddress: values.bind ?? env.GURUCONNECT_BIND,
      windows: !values['no-windows'],
      stateDir: stateDirOf(env),
      logLevel: logLevelOf(values.log ?? env.GURUCONNECT_LOG ?? 'off'),
    },
  };
}

function parse(argv: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const options = {
      server: text,
      code: text,
      'ca-file': text,
      display: text,
      bind: text,
      log: text,
      'no-windows': flag,
      help: flag,
      version: flag,
    };
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw GuruError.invalid(error instanceof Error ? error.message : String(error), error);
  }
}

function originOf(server: string | undefined): string {
  if (!server) throw GuruError.invalid('Say which server: --server https://support.example.com');
  const text = /^[a-z]+:\/\//i.test(server) ? server : `https://${server}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw GuruError.invalid(
      `'${server}' is not the address of a server: --server https://support.example.com`,
    );
  }
  return url.origin;
}

function codeOf(text: string | undefined): SessionCode | undefined {
  if (text === undefined) return undefined;
  const code = normalizeSessionCode(text);
  if (code === undefined)
    throw GuruError.invalid(`'${text}' is not a code: it has six digits, as in 847 291.`);
  return code;
}

/** Node takes a given list instead of its own, so its own is in it. */
function readCa(file: string): string[] {
  try {
    return [...rootCertificates, readFileSync(file, 'utf8')];
  } catch (error) {
    throw GuruError.invalid(`The certificate file ${file} cannot be read.`, error);
  }
}

function displayOf(display: string | undefined): string {
  if (display) return display;
  throw GuruError.invalid('There is no X display here: start it in a desktop session, or say --display :0');
}

function stateDirOf(env: Readonly<Record<string, string | undefined>>): string {
  return env.XDG_RUNTIME_DIR
    ? path.join(env.XDG_RUNTIME_DIR, 'guruconnect')
    : path.join(homedir(), '.local', 'state', 'guruconnect');
}

function logLevelOf(text: string): LogLevel {
  const level = LOG_LEVELS.find((one) => one === text);
  if (level === undefined) throw GuruError.invalid(`'${text}' is not a log level: ${LOG_LEVELS.join(', ')}.`);
  return level;
}

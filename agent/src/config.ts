import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { parseArgs } from 'node:util';
import {
  GuruError,
  normalizeSessionCode,
  OpaqueToken,
  type Reconfiguration,
  type SessionCode,
} from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { LogLevel } from './core/log.ts';
import { osFamily, type SupportedOs } from './machine/os-family.ts';
import { LABEL_OPTIONS, reconfigurationOf } from './read-reconfiguration.ts';
import { SYSTEM_STATE_DIR } from './state/state-folder.ts';

/** Everything the agent is told from outside; this file alone reads the environment and the command line. */
export interface AgentConfig {
  /** Scheme, host and port of the server. */
  readonly origin: string;
  /** undefined: ask the person. */
  readonly code: SessionCode | undefined;
  /** PEM of all certificate authorities to trust; undefined: node's own list. */
  readonly ca: readonly string[] | undefined;
  /** X display; empty on Windows, which shows one desktop. */
  readonly display: string;
  /** Media uses this address alone; undefined for all. */
  readonly bindAddress: string | undefined;
  /** Show who is connected, and ask for consent, in windows of the agent's own on that display. */
  readonly windows: boolean;
  /** The native program that shows those windows, on Windows. */
  readonly panelProgram: string | undefined;
  /** The pipe of the launcher that started this; undefined when a person did. */
  readonly pipe: string | undefined;
  readonly stateDir: string;
  readonly logLevel: LogLevel;
}

/** What the always-on agent is told; what it is, it knows from its state folder. */
export interface ServiceConfig {
  /** undefined: look for the desktop that is on the screen. */
  readonly display: string | undefined;
  /** `$XAUTHORITY`, for a display that was given. */
  readonly authFile: string | undefined;
  readonly bindAddress: string | undefined;
  readonly windows: boolean;
  readonly stateDir: string;
  readonly logLevel: LogLevel;
}

/** What the service program on Windows tells the processes that it starts. */
export interface WindowsServiceConfig {
  readonly pipe: string | undefined;
  readonly panelProgram: string | undefined;
  /** The service program itself, which restarts the computer. */
  readonly serviceProgram: string;
  readonly bindAddress: string | undefined;
  readonly windows: boolean;
  readonly stateDir: string;
  readonly logLevel: LogLevel;
}

export interface EnrolConfig {
  readonly origin: string;
  readonly token: string;
  /** PEM of an authority to trust besides the usual ones. */
  readonly ca: string | undefined;
  readonly newIdentity: boolean;
  /** Told to the server with the first check-in. */
  readonly change: Reconfiguration | undefined;
  readonly stateDir: string;
}

export type CommandLine =
  | { readonly kind: 'run'; readonly config: AgentConfig }
  | { readonly kind: 'enrol'; readonly config: EnrolConfig }
  | { readonly kind: 'service'; readonly config: ServiceConfig }
  | { readonly kind: 'windows-session'; readonly config: WindowsServiceConfig }
  | { readonly kind: 'check-in'; readonly config: WindowsServiceConfig }
  | { readonly kind: 'reconfigure'; readonly change: Reconfiguration; readonly stateDir: string }
  | { readonly kind: 'status'; readonly stateDir: string }
  | { readonly kind: 'install'; readonly enrol: EnrolConfig | undefined; readonly root: string }
  | { readonly kind: 'uninstall'; readonly purge: boolean; readonly root: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

type Environment = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'off'];
/** What the program does instead of running one session; each may be said without its dashes as well. */
const MODES = [
  'one-time',
  'enrol',
  'service',
  'windows-session',
  'check-in',
  'reconfigure',
  'status',
  'install-service',
  'uninstall-service',
] as const;
type Mode = (typeof MODES)[number];

/** Throws `invalid-message` with a sentence that says what to write instead. */
export function readCommandLine(
  argv: readonly string[] = process.argv.slice(2),
  env: Environment = process.env,
  os: SupportedOs = osFamily(),
): CommandLine {
  const values = parse(argv);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const mode = modeOf(values);
  const stateDir = systemStateDirOf(values, env, os);
  const root = path.resolve(values.root ?? '/');
  switch (mode) {
    case 'enrol':
      return { kind: 'enrol', config: enrolConfig(values, env, os) };
    case 'service':
      return { kind: 'service', config: { ...serviceConfig(values, env), stateDir } };
    case 'windows-session':
    case 'check-in':
      return { kind: mode, config: windowsServiceConfig(values, env, stateDir) };
    case 'reconfigure':
      return { kind: 'reconfigure', change: changeOf(values), stateDir };
    case 'status':
      return { kind: 'status', stateDir };
    case 'install-service': {
      const isEnrolling = values.token !== undefined || env.GURUCONNECT_TOKEN !== undefined;
      return { kind: 'install', enrol: isEnrolling ? enrolConfig(values, env, os) : undefined, root };
    }
    case 'uninstall-service':
      return { kind: 'uninstall', purge: values.purge ?? false, root };
    case 'one-time':
    case undefined:
      return { kind: 'run', config: agentConfig(values, env, os) };
  }
}

/**
 * For programs that this one starts from now on: the X libraries take the file with a display's cookie from the
 * environment and nowhere else. undefined: none.
 */
export function setAuthFile(file: string | undefined): void {
  if (file === undefined) delete process.env.XAUTHORITY;
  else process.env.XAUTHORITY = file;
}

type Values = ReturnType<typeof parse>;

function parse(argv: readonly string[]) {
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
    'one-time': flag,
    enrol: flag,
    service: flag,
    reconfigure: flag,
    status: flag,
    'windows-session': flag,
    'check-in': flag,
    'install-service': flag,
    'uninstall-service': flag,
    token: text,
    'new-identity': flag,
    purge: flag,
    'state-dir': text,
    root: text,
    ...LABEL_OPTIONS,
  };
  try {
    return parseArgs({ args: spellOut(argv), options, strict: true }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (message.includes("'--company'")) {
      throw GuruError.invalid('The company of a machine can be changed on the server alone.', error);
    }
    throw GuruError.invalid(message, error);
  }
}

/** A mode may come without its dashes, and a token may begin with one. */
function spellOut(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  const args = MODES.some((mode) => mode === first) ? [`--${first}`, ...rest] : [...argv];
  const at = args.indexOf('--token');
  const token = args[at + 1];
  if (at !== -1 && token !== undefined) args.splice(at, 2, `--token=${token}`);
  return args;
}

function modeOf(values: Values): Mode | undefined {
  const [mode, other] = MODES.filter((one) => values[one]);
  if (other !== undefined) throw GuruError.invalid(`Say either --${mode} or --${other}.`);
  return mode;
}

function agentConfig(values: Values, env: Environment, os: SupportedOs): AgentConfig {
  const ca = readCa(values, env);
  return {
    origin: originOf(values.server ?? env.GURUCONNECT_SERVER),
    code: codeOf(values.code ?? env.GURUCONNECT_CODE),
    ca: ca === undefined ? undefined : trusted(ca),
    display: os === 'windows' ? '' : displayOf(values.display ?? env.DISPLAY),
    bindAddress: values.bind ?? env.GURUCONNECT_BIND,
    windows: !values['no-windows'],
    panelProgram: env.GURUCONNECT_UI || undefined,
    pipe: env.GURUCONNECT_PIPE || undefined,
    stateDir: stateDirOf(env, os),
    logLevel: logLevelOf(values.log ?? env.GURUCONNECT_LOG ?? 'off'),
  };
}

function serviceConfig(values: Values, env: Environment): Omit<ServiceConfig, 'stateDir'> {
  return {
    display: values.display ?? (env.DISPLAY || undefined),
    authFile: env.XAUTHORITY || undefined,
    bindAddress: values.bind ?? env.GURUCONNECT_BIND,
    windows: !values['no-windows'],
    // Nobody sits at its terminal: what it does is in the system's journal.
    logLevel: logLevelOf(values.log ?? env.GURUCONNECT_LOG ?? 'info'),
  };
}

function enrolConfig(values: Values, env: Environment, os: SupportedOs): EnrolConfig {
  const token = values.token ?? env.GURUCONNECT_TOKEN ?? readToken(env);
  if (token === undefined) throw GuruError.invalid('Say the token of the installer: --token TOKEN');
  if (!z.safeParse(OpaqueToken, token).success) {
    throw GuruError.invalid('That is no token: it has 43 letters, digits, dashes and underscores.');
  }
  const change = reconfigurationOf(values);
  return {
    origin: originOf(values.server ?? env.GURUCONNECT_SERVER),
    token,
    ca: readCa(values, env),
    newIdentity: values['new-identity'] ?? false,
    change: Object.keys(change).length > 0 ? change : undefined,
    stateDir: systemStateDirOf(values, env, os),
  };
}

function windowsServiceConfig(values: Values, env: Environment, stateDir: string): WindowsServiceConfig {
  const programs = env.ProgramFiles ?? 'C:\\Program Files';
  return {
    pipe: env.GURUCONNECT_PIPE || undefined,
    panelProgram: env.GURUCONNECT_UI || undefined,
    serviceProgram:
      env.GURUCONNECT_SERVICE || path.win32.join(programs, 'GuruConnect', 'guruconnect-service.exe'),
    bindAddress: values.bind ?? env.GURUCONNECT_BIND,
    windows: !values['no-windows'],
    stateDir,
    logLevel: logLevelOf(values.log ?? env.GURUCONNECT_LOG ?? 'info'),
  };
}

/** Installers leave it in a file that others cannot read. */
function readToken(env: Environment): string | undefined {
  const file = env.GURUCONNECT_TOKEN_FILE;
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw GuruError.invalid(`The file ${file} with the installer’s token cannot be read.`, error);
  }
}

function changeOf(values: Values): Reconfiguration {
  const change = reconfigurationOf(values);
  if (Object.keys(change).length > 0) return change;
  throw GuruError.invalid('Say what to change: --name, --site, --department, --type, --tag or --property.');
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

function readCa(values: Values, env: Environment): string | undefined {
  const file = values['ca-file'] ?? env.GURUCONNECT_CA_FILE;
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw GuruError.invalid(`The certificate file ${file} cannot be read.`, error);
  }
}

/** Node takes a given list instead of its own, so its own is in it. */
export function trusted(ca: string): string[] {
  return [...rootCertificates, ca];
}

function displayOf(display: string | undefined): string {
  if (display) return display;
  throw GuruError.invalid('There is no X display here: start it in a desktop session, or say --display :0');
}

function systemStateDirOf(values: Values, env: Environment, os: SupportedOs): string {
  const told = values['state-dir'] ?? (env.GURUCONNECT_STATE_DIR || undefined);
  if (told !== undefined) return path.resolve(told);
  return os === 'windows'
    ? path.win32.join(env.ProgramData ?? 'C:\\ProgramData', 'GuruConnect')
    : SYSTEM_STATE_DIR;
}

function stateDirOf(env: Environment, os: SupportedOs): string {
  if (env.GURUCONNECT_STATE_DIR) return env.GURUCONNECT_STATE_DIR;
  if (os === 'windows') {
    return path.join(env.LOCALAPPDATA ?? path.join(homedir(), 'AppData', 'Local'), 'GuruConnect');
  }
  return env.XDG_RUNTIME_DIR
    ? path.join(env.XDG_RUNTIME_DIR, 'guruconnect')
    : path.join(homedir(), '.local', 'state', 'guruconnect');
}

function logLevelOf(text: string): LogLevel {
  const level = LOG_LEVELS.find((one) => one === text);
  if (level === undefined) throw GuruError.invalid(`'${text}' is not a log level: ${LOG_LEVELS.join(', ')}.`);
  return level;
}

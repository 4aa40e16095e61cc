import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { GuruError, OpaqueToken } from '@guruconnect/shared';
import * as z from 'zod/mini';
import type {
  AgentConfig,
  CommandLine,
  DiagnoseConfig,
  EnrolConfig,
  ServiceConfig,
  WindowsServiceConfig,
} from './command-line.ts';
import { osFamily, type SupportedOs } from './machine/os-family.ts';
import { defaultAuthorities } from './machine/trust-authorities.ts';
import { codeOf, displayOf, encoderOf, logLevelOf, originOf } from './option-values.ts';
import type { ProxyRules } from './proxy/proxy-rules.ts';
import { NO_PROXY_WORD, namedProxies, proxyRulesOf } from './read-proxies.ts';
import { LABEL_OPTIONS, reconfigurationOf } from './read-reconfiguration.ts';
import { SYSTEM_STATE_DIR } from './state/state-folder.ts';

/** This file alone reads the environment and the command line. */
type Environment = Readonly<Record<string, string | undefined>>;

/** What the program does instead of running one session; each may be said without its dashes as well. */
const MODES = [
  'one-time',
  'enrol',
  'service',
  'windows-session',
  'check-in',
  'diagnose',
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
    case 'diagnose':
      return { kind: 'diagnose', config: diagnoseConfig(values, env, stateDir) };
    case 'reconfigure':
      return {
        kind: 'reconfigure',
        ...changesOf(values, env, os),
        stateDir,
        checkIn: os === 'windows' ? windowsServiceConfig(values, env, stateDir) : undefined,
      };
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
    proxy: text,
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
    diagnose: flag,
    ice: { type: 'string', multiple: true } as const,
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
    proxies: proxiesOf(values, env),
    display: os === 'windows' ? '' : displayOf(values.display ?? env.DISPLAY),
    bindAddress: values.bind ?? env.GURUCONNECT_BIND,
    windows: !values['no-windows'],
    panelProgram: env.GURUCONNECT_UI || undefined,
    encoder: encoderOf(env.GURUCONNECT_ENCODER),
    pipe: env.GURUCONNECT_PIPE || undefined,
    stateDir: stateDirOf(env, os),
    logLevel: logLevelOf(values.log ?? env.GURUCONNECT_LOG ?? 'off'),
  };
}

function serviceConfig(values: Values, env: Environment): Omit<ServiceConfig, 'stateDir'> {
  return {
    display: values.display ?? (env.DISPLAY || undefined),
    authFile: env.XAUTHORITY || undefined,
    proxies: proxiesOf(values, env),
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
    proxies: proxiesOf(values, env),
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
    encoder: encoderOf(env.GURUCONNECT_ENCODER),
    serviceProgram:
      env.GURUCONNECT_SERVICE || path.win32.join(programs, 'GuruConnect', 'guruconnect-service.exe'),
    proxies: proxiesOf(values, env),
    bindAddress: values.bind ?? env.GURUCONNECT_BIND,
    windows: !values['no-windows'],
    stateDir,
    logLevel: logLevelOf(values.log ?? env.GURUCONNECT_LOG ?? 'info'),
  };
}

function diagnoseConfig(values: Values, env: Environment, stateDir: string): DiagnoseConfig {
  const server = values.server ?? env.GURUCONNECT_SERVER;
  return {
    origin: server ? originOf(server) : undefined,
    ca: readCa(values, env),
    iceServers: values.ice ?? [],
    proxies: proxiesOf(values, env),
    namedProxies: namedProxies(env),
    stateDir,
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

function changesOf(values: Values, env: Environment, os: SupportedOs) {
  const read = reconfigurationOf(values);
  const change = Object.keys(read).length > 0 ? read : undefined;
  if (values.proxy !== undefined && os === 'windows') {
    throw GuruError.invalid('On Windows the agent goes by the proxy that Windows is set to.');
  }
  // What the environment names is for this one command; what is said is for the service.
  const told = values.proxy === '' ? NO_PROXY_WORD : values.proxy;
  const proxies = told === undefined ? undefined : proxyRulesOf(told, env);
  if (change || proxies) return { change, proxies };
  throw GuruError.invalid(
    'Say what to change: --name, --site, --department, --type, --tag, --property or --proxy.',
  );
}

function proxiesOf(values: Values, env: Environment): ProxyRules | undefined {
  return proxyRulesOf(values.proxy ?? env.GURUCONNECT_PROXY, env);
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
  return [...defaultAuthorities(), ca];
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

import { readFileSync } from 'node:fs';
import { isIP, isIPv4 } from 'node:net';
import { resolve } from 'node:path';
import { IceServer } from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { RelayConfig } from './relay/relay-config.ts';
import type { AcmeConfig } from './tls/acme/acme-config.ts';

/** Everything that can be set from outside, parsed. */
export interface ServerConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  /** Networks whose `X-Forwarded-*` headers count. */
  readonly trustedProxies: readonly string[];
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Certificates by ACME; undefined: none are ordered. */
  readonly acme: AcmeConfig | undefined;
  /** Origin that people open, without a slash at the end; undefined: whatever the server listens on. */
  readonly publicUrl: string | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly iceServers: readonly IceServer[];
  /** Shared with the TURN servers, which then take time-limited credentials. */
  readonly turnSecret: string | undefined;
  /** For peers that nothing else connects; undefined: there is no relay. */
  readonly relay: RelayConfig | undefined;
  /** Days that nightly dumps of the embedded database are kept; 0: none are made. */
  readonly backupDays: number;
  /** Directory of agent packages offered under /download; undefined: where the build puts them. */
  readonly downloadDir: string | undefined;
  /** Directory of the build for Windows; undefined: where `npm run build:windows` puts it. */
  readonly windowsBuildDir: string | undefined;
  /** What the signer of Windows programs is told, by variable; undefined: they are not signed. */
  readonly signing: Readonly<Record<string, string>> | undefined;
  /** undefined: no mail is sent. */
  readonly mail: { readonly url: string; readonly from: string } | undefined;
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
const text = z.string().check(z.trim());
const Port = wholeNumber(65_535);
const Days = wholeNumber(3650);

const Environment = z.object({
  HOST: z._default(
    text.check(z.refine(isListenAddress, 'must be an IP address or "localhost"')),
    '127.0.0.1',
  ),
  PORT: z._default(Port, 8080),
  DATA_DIR: z._default(text, './data'),
  DATABASE_URL: z.optional(text.check(z.regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'))),
  TRUSTED_PROXIES: z._default(
    z.pipe(
      z.pipe(text, z.transform(splitList)),
      z.array(z.string().check(z.refine(isNetwork, 'must be addresses or networks such as 10.0.0.0/8'))),
    ),
    [],
  ),
  TLS_CERT_FILE: z.optional(text),
  TLS_KEY_FILE: z.optional(text),
  ACME_DOMAIN: z.optional(
    z.pipe(
      z.pipe(text, z.transform(splitList)),
      z
        .array(z.string().check(z.refine(isDomain, 'must be host names such as help.example.com')))
        .check(z.minLength(1, 'must be host names such as help.example.com'), z.maxLength(100)),
    ),
  ),
  ACME_EMAIL: z.optional(text.check(z.regex(/^[^\s,?@]+@[^\s,?@]+$/, 'must be one e-mail address'))),
  ACME_DIRECTORY_URL: z._default(
    text.check(z.refine(isHttpsUrl, 'must begin with https://')),
    'https://acme-v02.api.letsencrypt.org/directory',
  ),
  ACME_CA_FILE: z.optional(text),
  ACME_HTTP_PORT: z._default(Port, 80),
  PUBLIC_URL: z.optional(
    text.check(z.refine(isOrigin, 'must be an origin such as https://help.example.com')),
  ),
  LOG_LEVEL: z._default(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'info'),
  ICE_SERVERS: z._default(
    z.pipe(
      text.check(
        z.refine(isIceServers, 'must be a JSON list such as [{"urls":"stun:stun.example.com:3478"}]'),
      ),
      z.transform((value) => z.parse(z.array(IceServer), parseJson(value))),
    ),
    [],
  ),
  TURN_SECRET: z.optional(text.check(z.minLength(16, 'must have 16 characters or more'))),
  RELAY_URL: z.optional(
    z.pipe(
      z.pipe(text, z.transform(splitList)),
      z.array(
        z.string().check(z.refine(isRelay, 'must be "off", or addresses such as wss://relay.example.com')),
      ),
    ),
  ),
  RELAY_SECRET: z.optional(text.check(z.minLength(32, 'must have 32 characters or more'))),
  RELAY_PORT: z.optional(Port),
  BACKUP_DAYS: z._default(Days, 7),
  DOWNLOAD_DIR: z.optional(text),
  WINDOWS_BUILD_DIR: z.optional(text),
  SIGN_PFX_FILE: z.optional(text),
  SIGN_PFX_PASSWORD_FILE: z.optional(text),
  SIGN_CERT_FILE: z.optional(text),
  SIGN_KEY_FILE: z.optional(text),
  SIGN_TIMESTAMP_URL: z.optional(text.check(z.refine(isHttpUrl, 'must begin with http:// or https://'))),
  SMTP_URL: z.optional(
    text.check(z.refine(isSmtp, 'must be an address such as smtp://name:password@mail.example.com:587')),
  ),
  SMTP_FROM: z.optional(text.check(z.regex(/^[^\r\n]*[^\s@]@[^\s@]+[^\r\n]*$/, 'must be an e-mail address'))),
});
const NAMES = Object.keys(Environment.def.shape);

/**
 * Reads the configuration from the environment and from arguments such as `--port 0`, which win. A variable
 * `NAME_FILE` names a file that holds the value of `NAME` (for secrets). Throws one error that lists every fault.
 */
export function readConfig(
  environment: NodeJS.ProcessEnv = process.env,
  argv: readonly string[] = process.argv.slice(2),
): ServerConfig {
  const faults: string[] = [];
  const given = { ...fromEnvironment(environment, faults), ...fromArguments(argv, faults) };
  const parsed = z.safeParse(Environment, given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) faults.push(`${String(issue.path[0])}: ${issue.message}`);
  } else if (Boolean(parsed.data.TLS_CERT_FILE) !== Boolean(parsed.data.TLS_KEY_FILE)) {
    faults.push('TLS_CERT_FILE and TLS_KEY_FILE: set both or neither');
  }
  if (parsed.data?.RELAY_SECRET && !parsed.data.RELAY_URL) {
    faults.push('RELAY_SECRET: say in RELAY_URL where the relays are that it is shared with');
  }
  if (parsed.data?.RELAY_URL && parsed.data.RELAY_URL.length > 1 && !parsed.data.RELAY_SECRET) {
    faults.push('RELAY_URL: several relays need a RELAY_SECRET that they share');
  }
  if (parsed.data?.ACME_DOMAIN && parsed.data.TLS_CERT_FILE) {
    faults.push('ACME_DOMAIN and TLS_CERT_FILE: set one of them');
  }
  if (parsed.success) faults.push(...deliveryFaults(parsed.data));
  if (!parsed.success || faults.length > 0) {
    throw new Error(`The configuration has faults:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
  return toConfig(parsed.data);
}

function toConfig(values: z.infer<typeof Environment>): ServerConfig {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = values;
  return {
    host: values.HOST,
    port: values.PORT,
    dataDir: resolve(values.DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    trustedProxies: values.TRUSTED_PROXIES,
    tls: certFile && keyFile ? { certFile, keyFile } : undefined,
    acme: toAcme(values),
    publicUrl: values.PUBLIC_URL === undefined ? undefined : new URL(values.PUBLIC_URL).origin,
    logLevel: values.LOG_LEVEL,
    iceServers: values.ICE_SERVERS,
    turnSecret: values.TURN_SECRET,
    relay: toRelay(values),
    backupDays: values.BACKUP_DAYS,
    downloadDir: values.DOWNLOAD_DIR === undefined ? undefined : resolve(values.DOWNLOAD_DIR),
    windowsBuildDir: values.WINDOWS_BUILD_DIR === undefined ? undefined : resolve(values.WINDOWS_BUILD_DIR),
    signing: toSigning(values),
    mail: values.SMTP_URL && values.SMTP_FROM ? { url: values.SMTP_URL, from: values.SMTP_FROM } : undefined,
  };
}

/** The variables alone: the files that they name are read by the signer's process, never by the server's. */
function toSigning(values: z.infer<typeof Environment>): Record<string, string> | undefined {
  const { SIGN_PFX_FILE, SIGN_PFX_PASSWORD_FILE, SIGN_CERT_FILE, SIGN_KEY_FILE, SIGN_TIMESTAMP_URL } = values;
  if (SIGN_PFX_FILE === undefined && SIGN_CERT_FILE === undefined) return undefined;
  const files = { SIGN_PFX_FILE, SIGN_PFX_PASSWORD_FILE, SIGN_CERT_FILE, SIGN_KEY_FILE };
  const given = Object.entries(files).flatMap(([name, file]) => (file ? [[name, resolve(file)]] : []));
  return { ...Object.fromEntries(given), ...(SIGN_TIMESTAMP_URL ? { SIGN_TIMESTAMP_URL } : {}) };
}

function deliveryFaults(values: z.infer<typeof Environment>): string[] {
  const faults: string[] = [];
  if (Boolean(values.SIGN_CERT_FILE) !== Boolean(values.SIGN_KEY_FILE)) {
    faults.push('SIGN_CERT_FILE and SIGN_KEY_FILE: set both or neither');
  }
  if (values.SIGN_PFX_FILE && values.SIGN_CERT_FILE) {
    faults.push('SIGN_PFX_FILE and SIGN_CERT_FILE: set one of them');
  }
  if (Boolean(values.SMTP_URL) !== Boolean(values.SMTP_FROM)) {
    faults.push('SMTP_URL and SMTP_FROM: set both or neither');
  }
  return faults;
}

/** Relays elsewhere when a secret is shared with them; otherwise our own, on the port after ours. */
function toRelay(values: z.infer<typeof Environment>): RelayConfig | undefined {
  const { RELAY_URL: urls, RELAY_SECRET: secret, RELAY_PORT: relayPort, PORT: port } = values;
  if (urls?.includes('off')) return undefined;
  if (urls && secret !== undefined) return { kind: 'others', urls, secret };
  return { kind: 'own', port: relayPort ?? (port === 0 || port === 65_535 ? 0 : port + 1), url: urls?.[0] };
}

function toAcme(values: z.infer<typeof Environment>): AcmeConfig | undefined {
  if (!values.ACME_DOMAIN) return undefined;
  return {
    domains: values.ACME_DOMAIN.map((domain) => domain.toLowerCase()),
    email: values.ACME_EMAIL,
    directoryUrl: values.ACME_DIRECTORY_URL,
    caFile: values.ACME_CA_FILE,
    httpPort: values.ACME_HTTP_PORT,
  };
}

function fromEnvironment(environment: NodeJS.ProcessEnv, faults: string[]): Record<string, string> {
  const given: Record<string, string> = {};
  for (const name of NAMES) {
    const value = environment[name];
    const file = environment[`${name}_FILE`];
    // An empty variable is an unset one, as in compose files.
    if (value) given[name] = value;
    else if (file && !NAMES.includes(`${name}_FILE`)) {
      try {
        given[name] = readFileSync(file, 'utf8').trim();
      } catch {
        faults.push(`${name}_FILE: ${file} cannot be read`);
      }
    }
  }
  return given;
}

/** `--port 0` and `--port=0` set PORT; `--data-dir` sets DATA_DIR. */
function fromArguments(argv: readonly string[], faults: string[]): Record<string, string> {
  const given: Record<string, string> = {};
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [flag = '', inline] = argument.split(/=(.*)/s);
    const name = flag.replace(/^--/, '').replaceAll('-', '_').toUpperCase();
    if (!flag.startsWith('--') || !NAMES.includes(name)) {
      faults.push(`${flag}: there is no such option`);
      continue;
    }
    const value = inline ?? rest.shift();
    if (value === undefined) faults.push(`${flag}: the value is missing`);
    else given[name] = value;
  }
  return given;
}

function wholeNumber(maximum: number) {
  const isInRange = (value: string) => /^\d{1,9}$/.test(value) && Number(value) <= maximum;
  const fault = `must be a whole number from 0 to ${maximum}`;
  return z.pipe(text.check(z.refine(isInRange, fault)), z.transform(Number));
}

function isListenAddress(value: string): boolean {
  return value === 'localhost' || isIP(value) !== 0;
}

function isNetwork(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128));
}

function isOrigin(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return (
    (url?.protocol === 'https:' || url?.protocol === 'http:') && url.pathname === '/' && url.search === ''
  );
}

/** A name that the DNS knows. Authorities give no certificates for wildcards by HTTP, nor for bare names. */
function isDomain(value: string): boolean {
  return value.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/i.test(value);
}

function isHttpsUrl(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === 'https:';
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

function isSmtp(value: string): boolean {
  return URL.canParse(value) && /^smtps?:$/.test(new URL(value).protocol) && new URL(value).hostname !== '';
}

function isRelay(value: string): boolean {
  return value === 'off' || (URL.canParse(value) && /^wss?:$/.test(new URL(value).protocol));
}

function isIceServers(value: string): boolean {
  return z.safeParse(z.array(IceServer), parseJson(value)).success;
}

function splitList(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

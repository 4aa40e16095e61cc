import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/ports.ts';
import { type CertificatePair, createAuthority, isGoodFor, issueCertificate } from './own-authority.ts';

export interface TlsOptions {
  readonly cert: string;
  readonly key: string;
  readonly minVersion: 'TLSv1.2';
}

/** What an HTTPS server serves, and how it learns of a newer certificate. */
export interface Tls {
  readonly options: TlsOptions;
  /** To be trusted by browsers and agents; undefined with a given certificate. */
  readonly authorityFile: string | undefined;
  /** Calls back with each newer certificate; returns a function that stops looking. */
  onRenewed(listener: (options: TlsOptions) => void): () => void;
}

/** What of the configuration TLS depends on. */
interface TlsConfig {
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  readonly tls: GivenFiles | undefined;
}

interface GivenFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

interface Deps {
  readonly config: TlsConfig;
  readonly clock: Clock;
  readonly log: Log;
}

const LOOK_EVERY_MS = 60 * 60_000;

/** The given certificate, or one of the deployment's own authority, which is made on first use in the data directory. */
export async function prepareTls(deps: Deps): Promise<Tls> {
  const { config, clock, log } = deps;
  const directory = join(config.dataDir, 'tls');
  const given = config.tls;
  const read = given ? () => readGiven(given) : () => ownCertificate(directory, deps);
  let options = toOptions(await read());
  return {
    options,
    authorityFile: config.tls ? undefined : join(directory, 'authority.pem'),
    onRenewed: (listener) =>
      clock.every(LOOK_EVERY_MS, () => {
        read().then(
          (pair) => {
            if (pair.certificate === options.cert) return;
            options = toOptions(pair);
            listener(options);
            log.info({}, 'a newer TLS certificate is served');
          },
          (error) => log.error({ err: error }, 'the TLS certificate could not be renewed'),
        );
      }),
  };
}

/** Throws in plain words when the two files do not fit. */
function toOptions({ certificate, key }: CertificatePair): TlsOptions {
  try {
    createSecureContext({ cert: certificate, key });
  } catch (error) {
    throw new Error('The TLS certificate and its key do not fit together.', { cause: error });
  }
  return { cert: certificate, key, minVersion: 'TLSv1.2' };
}

async function readGiven(files: GivenFiles): Promise<CertificatePair> {
  const read = (file: string) =>
    readFile(file, 'utf8').catch((error: unknown): never => {
      throw new Error(`The TLS file ${file} cannot be read.`, { cause: error });
    });
  return { certificate: await read(files.certFile), key: await read(files.keyFile) };
}

async function ownCertificate(directory: string, { config, clock, log }: Deps): Promise<CertificatePair> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const authority = await stored(directory, 'authority', () => {
    log.info({ directory }, "making this server's own certificate authority");
    return createAuthority(`GuruConnect on ${hostname().replace(/[^A-Za-z0-9.-]/g, '')}`, clock.now());
  });
  const names = namesOf(config);
  const current = await readPair(directory, 'server');
  if (current && isGoodFor(current.certificate, authority, names, clock.now())) return current;
  const issued = issueCertificate(authority, names, clock.now());
  await writePair(directory, 'server', issued);
  return issued;
}

async function stored(
  directory: string,
  name: string,
  make: () => CertificatePair,
): Promise<CertificatePair> {
  const found = await readPair(directory, name);
  if (found) return found;
  const made = make();
  await writePair(directory, name, made);
  return made;
}

async function readPair(directory: string, name: string): Promise<CertificatePair | undefined> {
  const certFile = join(directory, `${name}.pem`);
  const keyFile = join(directory, `${name}-key.pem`);
  if (!existsSync(certFile) || !existsSync(keyFile)) return undefined;
  return { certificate: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
}

/** The key first and the certificate last, so that a certificate never stands without its key. */
async function writePair(directory: string, name: string, pair: CertificatePair): Promise<void> {
  await writeWhole(join(directory, `${name}-key.pem`), pair.key, 0o600);
  await writeWhole(join(directory, `${name}.pem`), pair.certificate, 0o644);
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.part`;
  await writeFile(draft, text, { mode });
  await chmod(draft, mode);
  await rename(draft, path);
}

/** All names and addresses under which people may reach this server, the public one first. */
function namesOf(config: TlsConfig): string[] {
  const isWildcard = config.host === '0.0.0.0' || config.host === '::';
  const names = [
    ...(config.publicUrl === undefined ? [] : [new URL(config.publicUrl).hostname.replace(/^\[|\]$/g, '')]),
    ...(isWildcard ? interfaceAddresses() : [config.host]),
    hostname().toLowerCase(),
    'localhost',
    '127.0.0.1',
    '::1',
  ];
  return [...new Set(names)].filter((name) => isIP(name) !== 0 || /^[a-z0-9.-]+$/.test(name));
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ address, internal }) => !internal && !address.startsWith('fe80'))
    .map(({ address }) => address);
}

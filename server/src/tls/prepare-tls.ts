import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/ports.ts';
import { type AcmeCertificate, openAcmeCertificate } from './acme/acme-certificate.ts';
import type { AcmeConfig } from './acme/acme-config.ts';
import type { CertificatePair } from './certificate-files.ts';
import { authorityFileIn, ownCertificate } from './own-certificate.ts';

export interface TlsOptions {
  readonly cert: string;
  readonly key: string;
  readonly minVersion: 'TLSv1.2';
}

/** What an HTTPS server serves, and how it learns of a newer certificate. */
export interface Tls {
  /** What to begin with. */
  readonly options: TlsOptions;
  /** To be trusted by browsers and agents; undefined when another authority's certificate is served. */
  readonly authorityFile: string | undefined;
  /** Whether the own authority's certificate only stands in until ACME gives one. */
  readonly isProvisional: boolean;
  /** Calls back with each newer certificate. To be called once. */
  onRenewed(listener: (options: TlsOptions) => void): void;
  close(): void;
}

/** What of the configuration TLS depends on. */
interface TlsConfig {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  readonly tls: GivenFiles | undefined;
  readonly acme: AcmeConfig | undefined;
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

/** Where the certificate comes from at the moment. */
interface Source {
  read(): Promise<CertificatePair & { readonly isOwn: boolean }>;
  readonly acme?: AcmeCertificate;
}

const LOOK_EVERY_MS = 60 * 60_000;

/**
 * The given certificate, or one from an ACME authority, or one of the deployment's own authority, which is made on
 * first use in the data directory and stands in until ACME gives one.
 */
export async function prepareTls(deps: Deps): Promise<Tls> {
  const { config, clock, log } = deps;
  const directory = join(config.dataDir, 'tls');
  const source = await openSource(directory, deps);
  const first = await source.read();
  let options = toOptions(first);
  let stopLooking = () => {};
  return {
    options,
    authorityFile: first.isOwn ? authorityFileIn(directory) : undefined,
    isProvisional: first.isOwn && source.acme !== undefined,
    onRenewed: (listener) => {
      const look = async () => {
        try {
          const pair = await source.read();
          if (pair.certificate === options.cert) return;
          options = toOptions(pair);
          listener(options);
          log.info({}, 'a newer TLS certificate is served');
        } catch (error) {
          log.error({ err: error }, 'the TLS certificate could not be renewed');
        }
      };
      stopLooking = clock.every(LOOK_EVERY_MS, () => void look());
      source.acme?.keep(() => void look());
    },
    close: () => {
      stopLooking();
      source.acme?.close();
    },
  };
}

async function openSource(directory: string, { config, clock, log }: Deps): Promise<Source> {
  const given = config.tls;
  if (given) return { read: async () => ({ ...(await readGiven(given)), isOwn: false }) };
  const domains = config.acme?.domains ?? [];
  const names = [...publicNames(config.publicUrl), ...domains];
  const readOwn = async () => ({
    ...(await ownCertificate({ directory, names, host: config.host, clock, log })),
    isOwn: true,
  });
  if (!config.acme) return { read: readOwn };
  const acme = await openAcmeCertificate({
    config: config.acme,
    host: config.host,
    httpsOrigin: (host) => httpsOrigin(host, domains, config),
    directory,
    clock,
    random: Math.random,
    log,
  });
  return {
    acme,
    read: async () => {
      const issued = await acme.read();
      return issued ? { ...issued, isOwn: false } : readOwn();
    },
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

/** The host of the public address, an IPv6 one without its brackets. */
function publicNames(publicUrl: string | undefined): string[] {
  return publicUrl === undefined ? [] : [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')];
}

/** Where plain HTTP requests are sent to: the public address, or the domain that was asked for if it is ours. */
function httpsOrigin(host: string, domains: readonly string[], { publicUrl, port }: TlsConfig): string {
  if (publicUrl?.startsWith('https:')) return publicUrl;
  const asked = host.replace(/:\d+$/, '').toLowerCase();
  const domain = domains.find((name) => name === asked) ?? domains[0] ?? 'localhost';
  return `https://${domain}${port === 443 ? '' : `:${port}`}`;
}

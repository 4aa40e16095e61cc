import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/ports.ts';
import { type CertificatePair, readPair, writePair, writeWhole } from '../certificate-files.ts';
import { createAccountKeyPem, readAccountKey } from './account-key.ts';
import { openAccount } from './acme-account.ts';
import type { AcmeConfig } from './acme-config.ts';
import { AcmeError } from './acme-error.ts';
import { startChallengeServer } from './challenge-server.ts';
import { createExchange } from './https-exchange.ts';
import { orderCertificate } from './order-certificate.ts';
import { coversAll, isInForce, renewalTime, retryDelayMs } from './renewal-plan.ts';

/** A certificate that an ACME authority gives, and renews. */
export interface AcmeCertificate {
  /** The one to serve; undefined until there is one that is in force. */
  read(): Promise<CertificatePair | undefined>;
  /** Orders when it is time, now and later; calls back with each new certificate. */
  keep(onNew: () => void): void;
  close(): void;
}

export interface AcmeDeps {
  readonly config: AcmeConfig;
  /** Address that the challenges are answered on. */
  readonly host: string;
  readonly httpsOrigin: (host: string) => string;
  /** Where the account's key and the certificate are kept. */
  readonly directory: string;
  readonly clock: Clock;
  /** A number from 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
}

const LOOK_EVERY_MS = 5 * 60_000;

/** Throws when the challenges' port is not to be had or the authority's CA file cannot be read. */
export async function openAcmeCertificate(deps: AcmeDeps): Promise<AcmeCertificate> {
  const { config, directory, clock, log } = deps;
  const ca = config.caFile === undefined ? undefined : await readAuthorities(config.caFile);
  const challenges = new Map<string, string>();
  const server = await startChallengeServer({
    host: deps.host,
    port: config.httpPort,
    challenges,
    httpsOrigin: deps.httpsOrigin,
  });
  // Another directory's certificate is none of ours: staging ones are worth nothing to browsers.
  const name = `acme-${createHash('sha256').update(config.directoryUrl).digest('hex').slice(0, 12)}`;
  const closing = new AbortController();
  const pause = pauseUntil(closing.signal, clock);

  async function order(): Promise<void> {
    const key = readAccountKey(await storedAccountKey(join(directory, 'acme-account-key.pem')));
    const exchange = createExchange(ca, closing.signal);
    const { directoryUrl, email, domains } = config;
    const account = await openAccount({ exchange, directoryUrl, key, email });
    await writePair(directory, name, await orderCertificate({ account, domains, challenges, pause }));
  }

  async function dueAt(): Promise<number> {
    const current = await readPair(directory, name);
    if (!current || !coversAll(current.certificate, config.domains)) return 0;
    return renewalTime(current.certificate, deps.random());
  }

  let stop = () => {};
  return {
    read: async () => {
      const current = await readPair(directory, name);
      return current && isInForce(current.certificate, clock.now()) ? current : undefined;
    },
    keep: (onNew) => {
      let due = 0;
      let failures = 0;
      let isBusy = false;
      async function look(): Promise<void> {
        if (isBusy || clock.now() < due) return;
        isBusy = true;
        try {
          due = await dueAt();
          if (clock.now() < due) return;
          await order();
          failures = 0;
          due = await dueAt();
          log.info({ domains: config.domains, renewal: new Date(due) }, 'a certificate was issued by ACME');
          onNew();
        } catch (error) {
          if (closing.signal.aborted) return;
          failures += 1;
          const wanted = error instanceof AcmeError ? error.retryAfter : undefined;
          due = clock.now() + retryDelayMs(failures, deps.random(), wanted);
          log.error(
            { err: error, domains: config.domains, next: new Date(due) },
            'no certificate was issued by ACME',
          );
        } finally {
          isBusy = false;
        }
      }
      stop = clock.every(LOOK_EVERY_MS, () => void look());
      void look();
    },
    close: () => {
      stop();
      closing.abort();
      server.close();
    },
  };
}

async function storedAccountKey(file: string): Promise<string> {
  if (!existsSync(file)) await writeWhole(file, createAccountKeyPem(), 0o600);
  return readFile(file, 'utf8');
}

async function readAuthorities(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown): never => {
    throw new Error(`The file ${file} (ACME_CA_FILE) cannot be read.`, { cause: error });
  });
  return [...rootCertificates, text];
}

function pauseUntil(signal: AbortSignal, clock: Clock): (ms: number) => Promise<void> {
  return (ms) =>
    new Promise((resolve, reject) => {
      const abandon = () => {
        cancel();
        reject(new Error('The server closes.'));
      };
      const cancel = clock.after(ms, () => {
        signal.removeEventListener('abort', abandon);
        resolve();
      });
      if (signal.aborted) abandon();
      else signal.addEventListener('abort', abandon, { once: true });
    });
}

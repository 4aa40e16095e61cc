import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/ports.ts';
import { type CertificatePair, readPair, writePair } from './certificate-files.ts';
import { createAuthority, isGoodFor, issueCertificate } from './own-authority.ts';

export interface OwnCertificateDeps {
  readonly directory: string;
  /** Further names under which people reach the server, the first one first. */
  readonly names: readonly string[];
  /** Address that the server listens on. */
  readonly host: string;
  readonly clock: Clock;
  readonly log: Log;
}

export function authorityFileIn(directory: string): string {
  return join(directory, 'authority.pem');
}

/** The certificate of the deployment's own authority, as long as it serves; otherwise a new one. */
export async function ownCertificate(deps: OwnCertificateDeps): Promise<CertificatePair> {
  const { directory, clock, log } = deps;
  const authority = await stored(directory, 'authority', () => {
    log.info({ directory }, "making this server's own certificate authority");
    return createAuthority(`GuruConnect on ${hostname().replace(/[^A-Za-z0-9.-]/g, '')}`, clock.now());
  });
  const names = allNames(deps);
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

/** All names and addresses under which people may reach this server. */
function allNames({ host, names }: OwnCertificateDeps): string[] {
  const isWildcard = host === '0.0.0.0' || host === '::';
  const all = [
    ...names,
    ...(isWildcard ? interfaceAddresses() : [host]),
    hostname().toLowerCase(),
    'localhost',
    '127.0.0.1',
    '::1',
  ];
  return [...new Set(all)].filter((name) => isIP(name) !== 0 || /^[a-z0-9.-]+$/.test(name));
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ address, internal }) => !internal && !address.startsWith('fe80'))
    .map(({ address }) => address);
}

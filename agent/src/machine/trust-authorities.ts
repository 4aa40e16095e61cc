import tls, { rootCertificates } from 'node:tls';

/** What Node has since version 22.19; the agent for Windows brings a newer one along, those for Linux may be older. */
interface NewerTls {
  getCACertificates(kind: 'default' | 'system'): string[];
  setDefaultCACertificates(certificates: readonly string[]): void;
}

const newer: Partial<NewerTls> = tls as unknown as Partial<NewerTls>;

/**
 * Lets this process trust what Windows trusts, as its launcher does: companies have authorities of their own there.
 * Reading the store takes some 100 ms, so that it is done where a server is spoken with over TLS.
 */
export function trustWindowsAuthorities(): void {
  const { getCACertificates, setDefaultCACertificates } = newer;
  if (!getCACertificates || !setDefaultCACertificates) return;
  const all = [...getCACertificates('default'), ...getCACertificates('system')];
  setDefaultCACertificates([...new Set(all)]);
}

/** What this process trusts when it is not told otherwise. */
export function defaultAuthorities(): readonly string[] {
  return newer.getCACertificates?.('default') ?? rootCertificates;
}

import { readFile } from 'node:fs/promises';

/** Node has a list of authorities of its own; what this computer trusts besides is in one of these. */
export const AUTHORITY_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
];

/** PEM of the authorities that this computer trusts; undefined where it has no such list. */
export async function readSystemAuthorities(): Promise<string | undefined> {
  for (const file of AUTHORITY_FILES) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text !== '') return text;
  }
  return undefined;
}

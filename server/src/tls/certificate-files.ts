import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A certificate, with those that lead to its authority after it, and its private key; both PEM. */
export interface CertificatePair {
  readonly certificate: string;
  readonly key: string;
}

/** undefined unless both files are there. */
export async function readPair(directory: string, name: string): Promise<CertificatePair | undefined> {
  const certFile = join(directory, `${name}.pem`);
  const keyFile = join(directory, `${name}-key.pem`);
  if (!existsSync(certFile) || !existsSync(keyFile)) return undefined;
  return { certificate: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
}

/** The key first and the certificate last, so that a certificate never stands without its key. */
export async function writePair(directory: string, name: string, pair: CertificatePair): Promise<void> {
  await writeWhole(join(directory, `${name}-key.pem`), pair.key, 0o600);
  await writeWhole(join(directory, `${name}.pem`), pair.certificate, 0o644);
}

/** A reader sees the old text or the new one, never a part; the directory is made for the owner alone. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.part`;
  await writeFile(draft, text, { mode });
  await chmod(draft, mode);
  await rename(draft, path);
}

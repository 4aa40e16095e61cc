import { execFile } from 'node:child_process';
import { open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { promisify } from 'node:util';
import type { SigningFiles } from './signer-config.ts';

const run = promisify(execFile);
const PROGRAM = 'osslsigncode';
const TIMEOUT_MS = 60_000;
/** What a Windows program and a Windows Installer file begin with. */
const BEGINNINGS = [Buffer.from('MZ'), Buffer.from('d0cf11e0a1b11ae1', 'hex')];

/** Signs a program or an MSI in place. Rejects in plain words. */
export async function signFile(path: string, files: SigningFiles): Promise<void> {
  const identity = 'pfx' in files ? ['-pkcs12', files.pfx] : ['-certs', files.certificate, '-key', files.key];
  const password = files.passwordFile === undefined ? [] : ['-readpass', files.passwordFile];
  const timestamp = files.timestampUrl === undefined ? [] : ['-ts', files.timestampUrl];
  await inPlace(path, ['sign', ...identity, ...password, '-h', 'sha256', '-n', 'GuruConnect', ...timestamp]);
}

/** Adds an attribute to the signature that it does not cover: room for an installer's token. */
export function addBlob(path: string): Promise<void> {
  return inPlace(path, ['add', '-addUnauthenticatedBlob']);
}

/** Throws unless the file lies in the folder and is of a kind that is signed here, whatever the server asks. */
export async function assertSignable(path: string, folder: string): Promise<void> {
  const below = relative(await realpath(folder), dirname(await realpath(path)));
  if (below === '' || below.startsWith('..')) throw new Error('The file is not in the folder of programs.');
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    const head = buffer.subarray(0, bytesRead);
    if (!BEGINNINGS.some((beginning) => head.subarray(0, beginning.length).equals(beginning))) {
      throw new Error('The file is neither a program nor an MSI.');
    }
  } finally {
    await file.close();
  }
}

async function inPlace(path: string, args: readonly string[]): Promise<void> {
  const signed = `${path}.signed`;
  await rm(signed, { force: true });
  try {
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };
    await run(PROGRAM, [...args, '-in', path, '-out', signed], { env, timeout: TIMEOUT_MS });
    await rename(signed, path);
  } catch (error) {
    await rm(signed, { force: true });
    throw new Error(reasonOf(error), { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') {
    return 'This server needs the package osslsigncode to sign programs (Debian: sudo apt-get install osslsigncode).';
  }
  const said = ['stderr', 'stdout'].map((name) => String(Reflect.get(error, name) ?? '').trim()).join('\n');
  const line = said.split('\n').findLast((text) => text.trim() !== '' && text !== 'Failed');
  return `osslsigncode failed: ${line ?? 'it gave no reason'}`;
}

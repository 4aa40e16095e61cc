import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that was made for being handed out. */
export interface Artifact {
  readonly path: string;
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
}

/** An artifact that an earlier run left; undefined when it is not there whole. */
export async function findArtifact(path: string): Promise<Artifact | undefined> {
  try {
    const [sha256 = '', size = ''] = (await readFile(`${path}.sha256`, 'utf8')).trim().split(' ');
    const found = await stat(path);
    if (!/^[0-9a-f]{64}$/.test(sha256) || String(found.size) !== size) return undefined;
    return { path, size: found.size, sha256 };
  } catch {
    return undefined;
  }
}

/** Measures a file that is complete, and keeps the result beside it. */
export async function keepArtifact(path: string): Promise<Artifact> {
  const sha256 = await hashFile(path);
  const { size } = await stat(path);
  await writeWhole(`${path}.sha256`, `${sha256} ${size}\n`);
  return { path, size, sha256 };
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** A reader sees the old bytes or the new ones, never a part. */
export async function writeWhole(path: string, bytes: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.part`, bytes, { mode: 0o600 });
  await rename(`${path}.part`, path);
}

/** The same bytes under another name; where the file system can, without a second copy. */
export async function sameFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await link(from, to).catch(async (error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    await copyFile(from, `${to}.part`);
    await rename(`${to}.part`, to);
  });
}

/** All of a file, as a part of a download. */
export function wholeOf({ path, size }: { path: string; size: number }) {
  return { path, start: 0, end: size };
}

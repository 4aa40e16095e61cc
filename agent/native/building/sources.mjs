import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { nativeDir } from './files.mjs';

/** The C and C++ files and headers below folders or files of `agent/native`, sorted. */
export async function listSources(entries) {
  return (await Promise.all(entries.map(listEntry))).flat().sort();
}

async function listEntry(entry) {
  const full = path.join(nativeDir, entry);
  if (/\.(cc|c)$/.test(entry)) return [full];
  const found = await readdir(full, { recursive: true });
  return found.filter((name) => /\.(cc|h)$/.test(name)).map((name) => path.join(full, name));
}

/** Whether a file matters on an operating system; `x_windows.cc` is for that one alone. */
export const isFor = (os) => (file) =>
  !/_(linux|windows)\.(cc|h)$/.test(file) || /_([a-z]+)\.\w+$/.exec(file)?.[1] === os;

/** Hashes settings, and the names and bytes of files. */
export async function fingerprint(settings, files) {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const file of files) {
    hash.update(path.relative(nativeDir, file));
    hash.update(await readFile(file));
  }
  return hash.digest('hex');
}

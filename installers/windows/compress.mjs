// @ts-check
/** Slow and small compression. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A larger dictionary would save 2 % and cost the launcher 80 MB of memory; CRC32 is the check that it knows. */
const OPTIONS = [
  '--format=xz',
  '--check=crc32',
  '--threads=1',
  '--x86',
  '--lzma2=preset=9e,dict=16MiB,nice=273',
  '--stdout',
];

/**
 * As {@link compress}, for what takes minutes and seldom changes: the result is kept by the hash of what went in.
 *
 * @param {Buffer} bytes
 * @param {string} [cache]
 * @returns {Promise<Buffer>} One stream of xz.
 */
export async function compressOnce(bytes, cache = join(homedir(), '.cache', 'guruconnect', 'xz')) {
  const key = createHash('sha256').update(OPTIONS.join(' ')).update('\0').update(bytes).digest('hex');
  const kept = join(cache, `${key}.xz`);
  if (existsSync(kept)) return readFileSync(kept);
  const compressed = await compress(bytes);
  mkdirSync(cache, { recursive: true });
  const fresh = `${kept}.${process.pid}`;
  writeFileSync(fresh, compressed);
  // Two builds at once must not see half a file.
  renameSync(fresh, kept);
  return compressed;
}

/**
 * @param {Buffer} bytes
 * @returns {Promise<Buffer>} One stream of xz, the same bytes for the same input.
 */
export function compress(bytes) {
  return new Promise((resolve, reject) => {
    const xz = spawn('xz', OPTIONS, { stdio: ['pipe', 'pipe', 'inherit'] });
    /** @type {Buffer[]} */
    const chunks = [];
    xz.stdout.on('data', (chunk) => chunks.push(chunk));
    xz.on('error', (error) =>
      reject(new Error('xz did not start: apt-get install xz-utils', { cause: error })),
    );
    xz.stdin.on('error', reject);
    xz.on('close', (code) =>
      code === 0 ? resolve(Buffer.concat(chunks)) : reject(new Error(`xz ended with ${code}`)),
    );
    xz.stdin.end(bytes);
  });
}

import { execFileSync } from 'node:child_process';

export interface PackFile {
  /** As it stands in the archive, harmless or not. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Kind of entry; `0` (a file) by default. */
  readonly type?: string;
}

const BLOCK = 512;

/** A tar archive of files with any names, compressed as packs are; `streams` cuts it into so many .xz streams. */
export function makePack(files: readonly PackFile[], streams = 1): Buffer {
  const tar = Buffer.concat([...files.map(entry), Buffer.alloc(2 * BLOCK)]);
  const piece = Math.ceil(tar.length / streams);
  const parts = Array.from({ length: streams }, (_, i) => tar.subarray(i * piece, (i + 1) * piece));
  return Buffer.concat(
    parts.map((part) =>
      execFileSync('xz', ['-1', '--check=crc32', '-c'], { input: part, maxBuffer: 1 << 28 }),
    ),
  );
}

function entry({ name, bytes, type = '0' }: PackFile): Buffer {
  const header = Buffer.alloc(BLOCK);
  const [prefix, short] = splitName(name);
  header.write(short, 0, 'latin1');
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(bytes.length, 11), 124);
  header.write(octal(0, 11), 136);
  header.fill(' ', 148, 156);
  header.write(type, 156);
  header.write('ustar\x0000', 257, 'latin1');
  header.write(prefix, 345, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

/** Names of more than 100 characters are cut at a slash. */
function splitName(name: string): [string, string] {
  if (name.length <= 100) return ['', name];
  const at = name.indexOf('/', name.length - 101);
  return [name.slice(0, at), name.slice(at + 1)];
}

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}

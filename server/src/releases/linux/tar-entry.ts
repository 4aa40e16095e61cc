const BLOCK = 512;

export interface TarEntry {
  /** At most 99 bytes, such as `./etc/token`; a folder's ends with a slash. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly mode: number;
}

/** One file or folder of root's in a tar archive (ustar), without a time. */
export function tarEntry({ name, bytes, mode }: TarEntry): Buffer {
  const isFolder = name.endsWith('/');
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100, 'utf8');
  header.write(octal(mode, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(bytes.length, 11), 124);
  header.write(octal(0, 11), 136);
  header.write(' '.repeat(8), 148);
  header.write(isFolder ? '5' : '0', 156);
  header.write('ustar\x0000', 257, 'latin1');
  header.write('root', 265);
  header.write('root', 297);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, bytes, Buffer.alloc(-bytes.length & (BLOCK - 1))]);
}

/** What a tar archive ends with. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}

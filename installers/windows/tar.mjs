// @ts-check
/** Archives that are the same bytes for the same files: no times, no owners, the order given. */

const BLOCK = 512;
/** What the launcher accepts. */
const NAME = /^[A-Za-z0-9._@+-]+(\/[A-Za-z0-9._@+-]+)*$/;

/**
 * One file of a ustar archive: header, content, zeros up to the next block.
 *
 * @param {string} name At most 100 bytes, parts joined by `/`.
 * @param {Uint8Array} content
 */
export function tarEntry(name, content) {
  if (name.length > 100 || !NAME.test(name) || name.split('/').includes('..')) {
    throw new Error(`not a name for the pack: ${name}`);
  }
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 'latin1');
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(content.length, 11), 124);
  header.write(octal(0, 11), 136);
  // The sum is taken with eight blanks in its own place.
  header.fill(' ', 148, 156);
  header.write('0', 156);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)} `, 148, 'latin1');
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return Buffer.concat([header, content, padding]);
}

/** What stands after the last file. */
export function tarEnd() {
  return Buffer.alloc(2 * BLOCK);
}

/**
 * @param {number} value
 * @param {number} digits
 */
function octal(value, digits) {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}

// @ts-check
/**
 * The package of language data that Node carries inside its program: a header, a table of names and places, then the
 * items, each at a multiple of 16 (ICU's `common data`, format CmnD).
 */

/**
 * @typedef {object} IcuItem
 * @property {string} name For example `icudt77l/coll/ucadata.icu`.
 * @property {Buffer} data With the zeros that fill it up to the next item.
 */

/**
 * @typedef {object} IcuPackage
 * @property {number} start Where its table stands in the program; all places in the table count from here.
 * @property {number} end Where its last item begins: how far the last one reaches is written nowhere.
 * @property {IcuItem[]} items All but the last one, in their order.
 * @property {string} lastName
 */

const FORMAT = Buffer.from('CmnD');
const ALIGNMENT = 16;

/**
 * @param {Buffer} program
 * @returns {IcuPackage}
 */
export function findIcuPackage(program) {
  for (let at = program.indexOf(FORMAT); at >= 0; at = program.indexOf(FORMAT, at + 1)) {
    const header = at - 12;
    // Two magic bytes, and little-endian data.
    if (header < 0 || program[header + 2] !== 0xda || program[header + 3] !== 0x27) continue;
    if (program[header + 8] === 0) return readPackage(program, header + program.readUInt16LE(header));
  }
  throw new Error('there is no ICU data in this program');
}

/**
 * @param {Buffer} program
 * @param {number} start
 * @returns {IcuPackage}
 */
function readPackage(program, start) {
  const count = program.readUInt32LE(start);
  const entries = Array.from({ length: count }, (_, index) => {
    const entry = start + 4 + index * 8;
    const nameAt = start + program.readUInt32LE(entry);
    const name = program.toString('latin1', nameAt, program.indexOf(0, nameAt));
    return { name, at: start + program.readUInt32LE(entry + 4) };
  });
  const items = entries.slice(0, -1).map(({ name, at }, index) => {
    const data = program.subarray(at, entries[index + 1]?.at);
    return { name, data };
  });
  const last = entries.at(-1);
  if (!last) throw new Error('the ICU data in this program is empty');
  return { start, end: last.at, items, lastName: last.name };
}

/**
 * The bytes of a package, from its table on. The items must be in the order of their names: ICU searches by halves.
 *
 * @param {readonly IcuItem[]} items
 */
export function encodeIcuPackage(items) {
  const table = 4 + items.length * 8;
  const names = items.map(({ name }) => Buffer.from(`${name}\0`, 'latin1'));
  const headSize = roundUp(table + names.reduce((sum, name) => sum + name.length, 0));
  const head = Buffer.alloc(headSize);
  head.writeUInt32LE(items.length, 0);
  let nameAt = table;
  let dataAt = headSize;
  const data = items.map((item, index) => {
    head.writeUInt32LE(nameAt, 4 + index * 8);
    head.writeUInt32LE(dataAt, 8 + index * 8);
    nameAt += names[index]?.copy(head, nameAt) ?? 0;
    const padded = Buffer.alloc(roundUp(item.data.length));
    item.data.copy(padded);
    dataAt += padded.length;
    return padded;
  });
  return Buffer.concat([head, ...data]);
}

const roundUp = (/** @type {number} */ size) => Math.ceil(size / ALIGNMENT) * ALIGNMENT;

import { uint16s, uint32s } from './little-endian.ts';

const SECTOR = 512;
const MINI_SECTOR = 64;
/** Streams from this size on would lie outside the mini stream, which we do not write. */
const MINI_STREAM_LIMIT = 4096;
const FREE = 0xffffffff;
const END_OF_CHAIN = 0xfffffffe;
const FAT_SECTOR = 0xfffffffd;
const ENTRY_BYTES = 128;

export interface CompoundStream {
  /** As UTF-16 code units; at most 31. */
  readonly name: string;
  /** At most 4095 bytes. */
  readonly bytes: Buffer;
}

interface Chained {
  readonly data: Buffer;
  /** The allocation table, one number a sector. */
  readonly table: number[];
  /** First sector of each stream. */
  readonly starts: number[];
}

/**
 * A compound file (MS-CFB, version 3) of a few small streams, all in the mini stream, with `classId` on its root.
 * Throws when a stream is too big for that.
 */
export function writeCompoundFile(classId: Buffer, streams: readonly CompoundStream[]): Buffer {
  if (streams.some(({ bytes }) => bytes.length >= MINI_STREAM_LIMIT)) throw new Error('A stream is too big.');
  const mini = chain(streams.map(({ bytes }) => bytes));
  const miniTable = padded(uint32s(...mini.table), SECTOR, 0xff);
  const miniStream = padded(mini.data, SECTOR, 0);
  const directorySectors = Math.ceil(((streams.length + 1) * ENTRY_BYTES) / SECTOR);
  // One sector of the table itself, then the mini stream's table, the directory, the mini stream.
  const firstMiniTable = 1;
  const firstDirectory = firstMiniTable + miniTable.length / SECTOR;
  const firstMini = firstDirectory + directorySectors;
  const sectors = [FAT_SECTOR];
  for (const length of [miniTable.length / SECTOR, directorySectors, miniStream.length / SECTOR]) {
    addRun(sectors, length);
  }
  if (sectors.length > SECTOR / 4) throw new Error('The compound file is too big.');
  const directory = writeDirectory(classId, streams, mini, firstMini);
  return Buffer.concat([
    header({ firstDirectory, firstMiniTable, miniTableSectors: miniTable.length / SECTOR }),
    padded(uint32s(...sectors), SECTOR, 0xff),
    miniTable,
    padded(directory, SECTOR, 0),
    miniStream,
  ]);
}

/** Streams one after the other in mini sectors. */
function chain(streams: readonly Buffer[]): Chained {
  const table: number[] = [];
  const starts: number[] = [];
  for (const bytes of streams) {
    starts.push(table.length);
    addRun(table, Math.ceil(bytes.length / MINI_SECTOR));
  }
  return { data: Buffer.concat(streams.map((bytes) => padded(bytes, MINI_SECTOR, 0))), table, starts };
}

/** Sectors that follow one another. */
function addRun(table: number[], length: number): void {
  for (let left = length; left > 1; left -= 1) table.push(table.length + 1);
  if (length > 0) table.push(END_OF_CHAIN);
}

function header(at: { firstDirectory: number; firstMiniTable: number; miniTableSectors: number }): Buffer {
  return padded(
    Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(16),
      // Minor and major version, little-endian mark, sizes of sectors and mini sectors as powers of two.
      uint16s(0x3e, 3, 0xfffe, 9, 6),
      Buffer.alloc(6),
      uint32s(0, 1, at.firstDirectory, 0, MINI_STREAM_LIMIT),
      uint32s(at.firstMiniTable, at.miniTableSectors, END_OF_CHAIN, 0),
      // The one sector of the allocation table; unused places after it stay 0xffffffff.
      uint32s(0),
    ]),
    SECTOR,
    0xff,
  );
}

/** The root and one entry a stream; names hang on a balanced tree, ordered by length and then by letters. */
function writeDirectory(
  classId: Buffer,
  streams: readonly CompoundStream[],
  mini: Chained,
  firstMini: number,
): Buffer {
  const order = streams
    .map((_, index) => index)
    .sort((left, right) => compareNames(streams[left]?.name ?? '', streams[right]?.name ?? ''));
  const links = new Map<number, { left: number; right: number }>();
  const top = hang(order, links);
  const entries = [
    entry({ name: 'Root Entry', type: 5, child: top, start: firstMini, size: mini.data.length, classId }),
    ...streams.map(({ name, bytes }, index) =>
      entry({ name, type: 2, start: mini.starts[index] ?? 0, size: bytes.length, ...links.get(index + 1) }),
    ),
  ];
  const directory = Buffer.concat(entries);
  const unused = entry({ name: '', type: 0, start: 0, size: 0 });
  const perSector = SECTOR / ENTRY_BYTES;
  const missing = (perSector - (entries.length % perSector)) % perSector;
  return Buffer.concat([directory, ...Array<Buffer>(missing).fill(unused)]);
}

function hang(order: readonly number[], links: Map<number, { left: number; right: number }>): number {
  const middle = order.length >> 1;
  const index = order[middle];
  if (index === undefined) return FREE;
  links.set(index + 1, {
    left: hang(order.slice(0, middle), links),
    right: hang(order.slice(middle + 1), links),
  });
  return index + 1;
}

function compareNames(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left.toUpperCase() < right.toUpperCase() ? -1 : 1;
}

interface Entry {
  readonly name: string;
  /** 0 unused, 2 stream, 5 root. */
  readonly type: 0 | 2 | 5;
  readonly start: number;
  readonly size: number;
  readonly left?: number;
  readonly right?: number;
  readonly child?: number;
  readonly classId?: Buffer;
}

function entry({ name, type, start, size, left, right, child, classId }: Entry): Buffer {
  const bytes = Buffer.alloc(ENTRY_BYTES);
  bytes.write(name, 0, 64, 'utf16le');
  bytes.writeUInt16LE(name === '' ? 0 : name.length * 2 + 2, 64);
  bytes.writeUInt8(type, 66);
  // Black, of the red-black tree that a balanced one without red entries is as well.
  bytes.writeUInt8(type === 0 ? 0 : 1, 67);
  uint32s(left ?? FREE, right ?? FREE, child ?? FREE).copy(bytes, 68);
  classId?.copy(bytes, 80);
  bytes.writeUInt32LE(start, 116);
  bytes.writeUInt32LE(size, 120);
  return bytes;
}

function padded(bytes: Buffer, unit: number, fill: number): Buffer {
  const rest = bytes.length % unit;
  return rest === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(unit - rest, fill)]);
}

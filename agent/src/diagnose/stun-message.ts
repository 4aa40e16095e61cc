import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** RFC 8489 and 8656: what of STUN and TURN the doctor needs. */
export const METHOD = { binding: 0x001, allocate: 0x003, refresh: 0x004 } as const;
export const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  realm: 0x0014,
  nonce: 0x0015,
  relayedAddress: 0x0016,
  requestedTransport: 0x0019,
  mappedAddress: 0x0020,
} as const;

const COOKIE = 0x2112_a442;
export const STUN_HEADER_BYTES = 20;
const TRANSACTION_BYTES = 12;
const INTEGRITY_BYTES = 20;
const SUCCESS = 0x0100;
const ERROR = 0x0110;
const FAMILY = { v4: 1, v6: 2 } as const;

export type StunAttribute = readonly [type: number, value: Uint8Array];

export interface StunAnswer {
  readonly kind: 'success' | 'error';
  readonly method: number;
  readonly transaction: Buffer;
  /** The first of a type counts, and nothing behind the integrity. */
  readonly attributes: ReadonlyMap<number, Buffer>;
  readonly raw: Buffer;
  /** Where the integrity begins; undefined when there is none. */
  readonly integrityAt: number | undefined;
}

/** The key of long-term credentials. */
export function longTermKey(username: string, realm: string, password: string): Buffer {
  return createHash('md5').update(`${username}:${realm}:${password}`).digest();
}

/** A request; with a key its integrity is added. */
export function stunRequest(
  method: number,
  transaction: Uint8Array,
  attributes: readonly StunAttribute[],
  key?: Uint8Array,
): Buffer {
  const body = Buffer.concat(attributes.map(([type, value]) => attribute(type, value)));
  const plain = Buffer.concat([header(method, body.length, transaction), body]);
  if (key === undefined) return plain;
  const signed = Buffer.concat([plain, attribute(ATTRIBUTE.integrity, integrityOf(plain, key))]);
  signed.writeUInt16BE(signed.length - STUN_HEADER_BYTES, 2);
  return signed;
}

/** undefined for what is no whole, well-formed answer. */
export function readStunAnswer(raw: Buffer): StunAnswer | undefined {
  const size = stunMessageBytes(raw);
  if (size === undefined || size !== raw.length) return undefined;
  const type = raw.readUInt16BE(0);
  const kind =
    (type & ERROR) === SUCCESS ? 'success' : (type & ERROR) === ERROR ? ('error' as const) : undefined;
  if (kind === undefined) return undefined;
  const attributes = new Map<number, Buffer>();
  let integrityAt: number | undefined;
  for (let at = STUN_HEADER_BYTES; at < size; ) {
    if (at + 4 > size) return undefined;
    const length = raw.readUInt16BE(at + 2);
    const end = at + 4 + length;
    if (end > size) return undefined;
    const name = raw.readUInt16BE(at);
    if (name === ATTRIBUTE.integrity && integrityAt === undefined) {
      if (length !== INTEGRITY_BYTES) return undefined;
      integrityAt = at;
    } else if (integrityAt === undefined && !attributes.has(name)) {
      attributes.set(name, raw.subarray(at + 4, end));
    }
    at = end + padding(length);
  }
  const transaction = raw.subarray(8, STUN_HEADER_BYTES);
  return { kind, method: type & ~ERROR, transaction, attributes, raw, integrityAt };
}

/** Bytes of the message that begins here, by its header; undefined when none begins here. Needs 20 bytes. */
export function stunMessageBytes(raw: Buffer): number | undefined {
  if (raw.length < STUN_HEADER_BYTES || raw.readUInt16BE(0) > 0x3fff) return undefined;
  const length = raw.readUInt16BE(2);
  if (length % 4 !== 0 || raw.readUInt32BE(4) !== COOKIE) return undefined;
  return STUN_HEADER_BYTES + length;
}

/** Whether who made the answer knows the key. */
export function isGenuine({ raw, integrityAt }: StunAnswer, key: Uint8Array): boolean {
  if (integrityAt === undefined) return false;
  const told = raw.subarray(integrityAt + 4, integrityAt + 4 + INTEGRITY_BYTES);
  return timingSafeEqual(told, integrityOf(raw.subarray(0, integrityAt), key));
}

/** The code of an error answer; undefined when it names none. */
export function errorCodeOf({ attributes }: StunAnswer): number | undefined {
  const value = attributes.get(ATTRIBUTE.errorCode);
  if (value === undefined || value.length < 4) return undefined;
  const code = (value.readUInt8(2) & 7) * 100 + value.readUInt8(3);
  return code >= 300 ? code : undefined;
}

/** An address that is XORed with cookie and transaction, in words; undefined when it is none. */
export function xorAddressOf({ attributes, transaction }: StunAnswer, type: number): string | undefined {
  const value = attributes.get(type);
  if (value === undefined || value.length < 8) return undefined;
  const family = value.readUInt8(1);
  const port = value.readUInt16BE(2) ^ (COOKIE >>> 16);
  const mask = Buffer.concat([cookieBytes(), transaction]);
  const bytes = Buffer.from(value.subarray(4).map((byte, at) => byte ^ (mask[at] ?? 0)));
  if (family === FAMILY.v4 && bytes.length === 4) return `${[...bytes].join('.')}, port ${port}`;
  if (family !== FAMILY.v6 || bytes.length !== 16) return undefined;
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16));
  return `${new URL(`http://[${groups.join(':')}]`).hostname}, port ${port}`;
}

function header(type: number, length: number, transaction: Uint8Array): Buffer {
  if (transaction.length !== TRANSACTION_BYTES) throw new Error('A transaction has 12 bytes.');
  const head = Buffer.alloc(8);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(length, 2);
  cookieBytes().copy(head, 4);
  return Buffer.concat([head, transaction]);
}

function cookieBytes(): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(COOKIE);
  return bytes;
}

function attribute(type: number, value: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(padding(value.length))]);
}

/** Of everything before it; the length in the header counts the integrity in. */
function integrityOf(before: Buffer, key: Uint8Array): Buffer {
  const copy = Buffer.from(before);
  copy.writeUInt16BE(before.length - STUN_HEADER_BYTES + 4 + INTEGRITY_BYTES, 2);
  return createHmac('sha1', key).update(copy).digest();
}

function padding(length: number): number {
  return (4 - (length % 4)) % 4;
}

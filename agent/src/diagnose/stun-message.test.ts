import { describe, expect, it } from 'vitest';
import { readIceUrl } from './ice-url.ts';
import {
  ATTRIBUTE,
  errorCodeOf,
  isGenuine,
  longTermKey,
  METHOD,
  readStunAnswer,
  type StunAttribute,
  stunRequest,
  xorAddressOf,
} from './stun-message.ts';

const TRANSACTION = Buffer.from('b7e7a701bc34d686fa87dfae', 'hex');
const KEY = longTermKey('user', 'realm', 'password');
const SUCCESS = 0x0100;

function answer(attributes: readonly StunAttribute[] = [], key?: Uint8Array): Buffer {
  return stunRequest(METHOD.binding | SUCCESS, TRANSACTION, attributes, key);
}

/** RFC 5769, 2.2 and 2.3: sample answers over IPv4 and IPv6, whose key is the text of a password. */
const SAMPLE_KEY = Buffer.from('VOkJxbRl1RmTxUk/WvJxBt');
const SAMPLE_V4 = Buffer.from(
  '0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96',
  'hex',
);
const SAMPLE_V6 = Buffer.from(
  '010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c',
  'hex',
);

describe('an answer', () => {
  it.each([
    ['IPv4', SAMPLE_V4, '192.0.2.1, port 32853'],
    ['IPv6', SAMPLE_V6, '[2001:db8:1234:5678:11:2233:4455:6677], port 32853'],
  ])('of the standard’s samples is read: %s', (_family, raw, address) => {
    const read = readStunAnswer(raw);
    expect(read).toMatchObject({ kind: 'success', method: METHOD.binding });
    expect(read && xorAddressOf(read, ATTRIBUTE.mappedAddress)).toBe(address);
    expect(read && isGenuine(read, SAMPLE_KEY)).toBe(true);
    expect(read && isGenuine(read, KEY)).toBe(false);
  });

  it('is not genuine when a byte of it was changed, or when it is not signed', () => {
    const changed = Buffer.from(SAMPLE_V4);
    changed.writeUInt8(changed.readUInt8(45) ^ 1, 45);
    const read = readStunAnswer(changed);
    expect(read && isGenuine(read, SAMPLE_KEY)).toBe(false);
    const plain = readStunAnswer(answer());
    expect(plain && isGenuine(plain, KEY)).toBe(false);
  });

  it('that is signed here is whole and genuine', () => {
    const read = readStunAnswer(answer([[ATTRIBUTE.nonce, Buffer.from('nonce')]], KEY));
    expect(read && isGenuine(read, KEY)).toBe(true);
  });

  it('counts nothing that stands behind its integrity', () => {
    const signed = answer([], KEY);
    const late = answer([[ATTRIBUTE.nonce, Buffer.from('late')]]).subarray(20);
    const raw = Buffer.concat([signed, late]);
    raw.writeUInt16BE(raw.length - 20, 2);
    expect(readStunAnswer(raw)?.attributes.size).toBe(0);
  });

  it('is none when it is cut anywhere', () => {
    for (let length = 0; length < SAMPLE_V6.length; length += 1) {
      expect(readStunAnswer(SAMPLE_V6.subarray(0, length))).toBeUndefined();
    }
  });

  it('is none with a wrong cookie, an odd length, a request’s type, or attributes that overrun it', () => {
    const spoiled = (at: number, value: number) => {
      const raw = answer([[ATTRIBUTE.nonce, Buffer.from('nonce')]]);
      raw.writeUInt8(value, at);
      return readStunAnswer(raw);
    };
    expect(spoiled(4, 0)).toBeUndefined();
    expect(spoiled(3, 11)).toBeUndefined();
    expect(spoiled(0, 0)).toBeUndefined();
    expect(spoiled(0, 0xff)).toBeUndefined();
    expect(spoiled(23, 200)).toBeUndefined();
    expect(readStunAnswer(answer([[ATTRIBUTE.integrity, Buffer.alloc(4)]]))).toBeUndefined();
  });

  it('with any bytes in place of its attributes never makes the reader throw', () => {
    let state = 12_345;
    const next = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 16;
    };
    for (let round = 0; round < 3_000; round += 1) {
      const raw = Buffer.from(SAMPLE_V6);
      for (let changes = 0; changes < 6; changes += 1) raw.writeUInt8(next() & 255, next() % raw.length);
      const read = readStunAnswer(raw);
      if (!read) continue;
      isGenuine(read, KEY);
      errorCodeOf(read);
      xorAddressOf(read, ATTRIBUTE.mappedAddress);
    }
  });

  it('names no address and no error where these are too short or of no kind', () => {
    const of = (type: number, hex: string) => {
      const read = readStunAnswer(answer([[type, Buffer.from(hex, 'hex')]]));
      if (!read) throw new Error('It was not read.');
      return read;
    };
    for (const hex of [
      '',
      '0001',
      '0001a147e1',
      '0002a147e112a643',
      '0009a147e112a643',
      '0001a147e112a64300',
    ]) {
      expect(xorAddressOf(of(ATTRIBUTE.mappedAddress, hex), ATTRIBUTE.mappedAddress)).toBeUndefined();
    }
    expect(errorCodeOf(of(ATTRIBUTE.errorCode, '0000'))).toBeUndefined();
    expect(errorCodeOf(of(ATTRIBUTE.errorCode, '00000001'))).toBeUndefined();
    expect(errorCodeOf(of(ATTRIBUTE.errorCode, '00000426'))).toBe(438);
  });
});

it.each([
  ['stun.example.com', { isTurn: false, over: 'UDP', host: 'stun.example.com', port: 3478 }],
  ['turn:t.example:99?transport=tcp', { isTurn: true, over: 'TCP', host: 't.example', port: 99 }],
  ['turns:[2001:db8::1]', { isTurn: true, over: 'TLS', host: '2001:db8::1', port: 5349 }],
  ['stun:h:0', undefined],
  ['stun:h:70000', undefined],
  ['turn:u:p@h:3478', undefined],
  ['turn:', undefined],
])('the address %s is read as it is meant', (text, expected) => {
  expect(readIceUrl(text)).toEqual(expected);
});

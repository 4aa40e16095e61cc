import { GuruError } from '../errors.ts';

/** Reads big-endian fields; a read past the end, or bytes left over at `end()`, is an invalid message. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }
  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }
  i16(): number {
    return this.#view.getInt16(this.#take(2));
  }
  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }
  f64(): number {
    return this.#view.getFloat64(this.#take(8));
  }
  raw(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }
  rest(): Uint8Array {
    return this.raw(this.#bytes.length - this.#offset);
  }
  /** Reads the opcode and refuses any other. */
  expect(opcode: number): void {
    if (this.u8() !== opcode) throw GuruError.invalid('Unknown message.');
  }
  end(): void {
    if (this.#offset !== this.#bytes.length) throw GuruError.invalid('Bytes are left over.');
  }
  #take(length: number): number {
    const start = this.#offset;
    if (start + length > this.#bytes.length) throw GuruError.invalid('The message is cut short.');
    this.#offset = start + length;
    return start;
  }
}

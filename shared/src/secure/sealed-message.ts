import { GuruError } from '../errors.ts';
import type { SealedLabel } from './sealed-label.ts';

/**
 * A sealed message: a counter in 8 bytes, big-endian, which begins at 0 for each label and direction; then what
 * AES-256-GCM makes of the message with the initialisation vector of {@link sealedIv}, its tag of 16 bytes last.
 */
export const SEALED_HEADER_BYTES = 8;
export const SEALED_TAG_BYTES = 16;
/** What sealing adds to a message. */
export const SEALED_OVERHEAD_BYTES = SEALED_HEADER_BYTES + SEALED_TAG_BYTES;

/** So many places back may a message come late where order is not kept. */
const WINDOW = 1024;

/** The header of a message. Counters above 2^53 do not occur: at a million a second they take centuries. */
export function sealedHeader(counter: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(SEALED_HEADER_BYTES);
  new DataView(header.buffer).setBigUint64(0, BigInt(counter));
  return header;
}

/** Four zero bytes and the counter. */
export function sealedIv(counter: number): Uint8Array<ArrayBuffer> {
  const iv = new Uint8Array(4 + SEALED_HEADER_BYTES);
  iv.set(sealedHeader(counter), 4);
  return iv;
}

/** The counter that a sealed message says it has. Throws `invalid-message` when it is too short or absurd. */
export function sealedCounter(message: Uint8Array): number {
  if (message.length < SEALED_OVERHEAD_BYTES) throw GuruError.invalid('A sealed message is too short.');
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const counter = view.getUint32(0) * 2 ** 32 + view.getUint32(4);
  if (!Number.isSafeInteger(counter)) throw GuruError.invalid('A sealed message has an absurd number.');
  return counter;
}

/** The bytes to seal: a text in UTF-8. */
export function toPlain(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data;
}

/** What was sealed: `control` carries text, every other label bytes. Throws `invalid-message` when it is not UTF-8. */
export function fromPlain<B extends Uint8Array>(label: SealedLabel, plain: B): string | B {
  if (label !== 'control') return plain;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch (error) {
    throw GuruError.invalid('A sealed text is not UTF-8.', error);
  }
}

/** Which counters of one label and direction may still come: each at most once. */
export class CounterWindow {
  readonly #isGapless: boolean;
  /** Bit n of the ring belongs to the counters that leave n when divided by the window. */
  readonly #seen = new Uint8Array(WINDOW);
  #next = 0;

  /** Without gaps only the very next counter may come; else any new one that is not too old. */
  constructor(isGapless: boolean) {
    this.#isGapless = isGapless;
  }

  /** Asked before a message is opened. */
  mayCome(counter: number): boolean {
    if (this.#isGapless) return counter === this.#next;
    if (counter >= this.#next) return true;
    return counter >= this.#next - WINDOW && this.#seen[counter % WINDOW] === 0;
  }

  /** The message with this counter has been opened: it was really sent. */
  came(counter: number): void {
    // All places between the newest so far and this one are new, and none of them has been seen.
    const first = Math.max(this.#next, counter - WINDOW + 1);
    for (let fresh = first; fresh <= counter; fresh += 1) this.#seen[fresh % WINDOW] = 0;
    this.#seen[counter % WINDOW] = 1;
    this.#next = Math.max(this.#next, counter + 1);
  }
}

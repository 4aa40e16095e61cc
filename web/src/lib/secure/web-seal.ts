import {
  CounterWindow,
  concatBytes,
  GuruError,
  type HandshakeRole,
  isGapless,
  keyInfo,
  SEALED_HEADER_BYTES,
  SEALED_LABELS,
  type SealedLabel,
  sealedCounter,
  sealedHeader,
  sealedIv,
} from '@guruconnect/shared';

interface Direction {
  readonly key: Promise<CryptoKey>;
  /** Settles when everything asked for so far is done: results come in the order of the calls. */
  last: Promise<unknown>;
}
interface Sending extends Direction {
  counter: number;
}
interface Receiving extends Direction {
  readonly window: CounterWindow;
}

/**
 * Seals and opens messages with the keys of one handshake. The browser works on several at once, on other threads;
 * the results of each label come in the order in which they were asked for.
 */
export class WebSeal {
  readonly #sending = new Map<SealedLabel, Sending>();
  readonly #receiving = new Map<SealedLabel, Receiving>();

  constructor(deps: { master: CryptoKey; salt: Uint8Array<ArrayBuffer>; role: HandshakeRole }) {
    const other = deps.role === 'agent' ? 'viewer' : 'agent';
    // All at once: no message waits for its key later on.
    for (const label of SEALED_LABELS) {
      const last = Promise.resolve();
      this.#sending.set(label, { key: deriveKey(deps, label, deps.role, 'encrypt'), last, counter: 0 });
      const window = new CounterWindow(isGapless(label));
      this.#receiving.set(label, { key: deriveKey(deps, label, other, 'decrypt'), last, window });
    }
  }

  seal(label: SealedLabel, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const sending = found(this.#sending, label);
    const { counter } = sending;
    sending.counter += 1;
    const iv = sealedIv(counter);
    const sealed = sending.key.then((key) => crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, data));
    return inOrder(sending, sealed, (bytes) => concatBytes(sealedHeader(counter), new Uint8Array(bytes)));
  }

  /** Rejects with `invalid-message` when the other end did not seal it, or it came before. */
  open(label: SealedLabel, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const receiving = found(this.#receiving, label);
    const opened = this.#take(receiving, data).then(([key, iv]) =>
      crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, data.subarray(SEALED_HEADER_BYTES)),
    );
    return inOrder(receiving, opened, (bytes) => new Uint8Array(bytes));
  }

  /** Settles when everything asked for so far is done. */
  async idle(): Promise<void> {
    const all = [...this.#sending.values(), ...this.#receiving.values()];
    await Promise.all(all.map((one) => one.last));
  }

  /** Takes the message's number as used before it is opened: one that does not open ends the connection anyway. */
  async #take({ key, window }: Receiving, data: Uint8Array): Promise<[CryptoKey, Uint8Array<ArrayBuffer>]> {
    const counter = sealedCounter(data);
    if (!window.mayCome(counter)) throw GuruError.invalid('A sealed message came out of its order.');
    window.came(counter);
    return [await key, sealedIv(counter)];
  }
}

function inOrder<T, R>(direction: Direction, done: Promise<T>, map: (value: T) => R): Promise<R> {
  const result = direction.last.then(() => done).then(map);
  direction.last = result.catch(() => undefined);
  // Whoever asked hears of it through `result`; the other two links of the chain must not count as unhandled.
  done.catch(() => undefined);
  return result;
}

function deriveKey(
  { master, salt }: { master: CryptoKey; salt: Uint8Array<ArrayBuffer> },
  label: SealedLabel,
  sender: HandshakeRole,
  use: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const how = { name: 'HKDF', hash: 'SHA-256', salt, info: keyInfo(label, sender) };
  return crypto.subtle.deriveKey(how, master, { name: 'AES-GCM', length: 256 }, false, [use]);
}

function found<D>(directions: ReadonlyMap<SealedLabel, D>, label: SealedLabel): D {
  const direction = directions.get(label);
  if (!direction) throw GuruError.invalid(`There is no key for '${label}'.`);
  return direction;
}

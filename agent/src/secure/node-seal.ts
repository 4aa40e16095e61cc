import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import {
  CounterWindow,
  concatBytes,
  GuruError,
  type HandshakeRole,
  isGapless,
  keyInfo,
  SEALED_HEADER_BYTES,
  SEALED_TAG_BYTES,
  type SealedLabel,
  sealedCounter,
  sealedHeader,
  sealedIv,
} from '@guruconnect/shared';
import type { PeerSeal } from '../rtc/peer.ts';

interface Sending {
  readonly key: Uint8Array;
  counter: number;
}
interface Receiving {
  readonly key: Uint8Array;
  readonly window: CounterWindow;
}

/** Seals and opens messages with the keys of one handshake, at once: nothing overtakes anything. */
export class NodeSeal implements PeerSeal {
  readonly #secret: Uint8Array;
  readonly #salt: Uint8Array;
  readonly #role: HandshakeRole;
  readonly #sending = new Map<SealedLabel, Sending>();
  readonly #receiving = new Map<SealedLabel, Receiving>();

  constructor(deps: { secret: Uint8Array; salt: Uint8Array; role: HandshakeRole }) {
    this.#secret = deps.secret;
    this.#salt = deps.salt;
    this.#role = deps.role;
  }

  seal(label: SealedLabel, data: Uint8Array): Uint8Array {
    const sending = this.#sendingOn(label);
    const { counter } = sending;
    sending.counter += 1;
    const cipher = createCipheriv('aes-256-gcm', sending.key, sealedIv(counter));
    return concatBytes(sealedHeader(counter), cipher.update(data), cipher.final(), cipher.getAuthTag());
  }

  open(label: SealedLabel, data: Uint8Array): Uint8Array {
    const counter = sealedCounter(data);
    const { key, window } = this.#receivingOn(label);
    if (!window.mayCome(counter)) throw GuruError.invalid('A sealed message came out of its order.');
    const decipher = createDecipheriv('aes-256-gcm', key, sealedIv(counter), {
      authTagLength: SEALED_TAG_BYTES,
    });
    decipher.setAuthTag(data.subarray(-SEALED_TAG_BYTES));
    const opened = decipher.update(data.subarray(SEALED_HEADER_BYTES, -SEALED_TAG_BYTES));
    try {
      decipher.final();
    } catch (error) {
      throw GuruError.invalid('A message was not sealed by the other end.', error);
    }
    window.came(counter);
    return opened;
  }

  #sendingOn(label: SealedLabel): Sending {
    const known = this.#sending.get(label);
    if (known) return known;
    const made = { key: this.#key(label, this.#role), counter: 0 };
    this.#sending.set(label, made);
    return made;
  }

  #receivingOn(label: SealedLabel): Receiving {
    const known = this.#receiving.get(label);
    if (known) return known;
    const sender = this.#role === 'agent' ? 'viewer' : 'agent';
    const made = { key: this.#key(label, sender), window: new CounterWindow(isGapless(label)) };
    this.#receiving.set(label, made);
    return made;
  }

  #key(label: SealedLabel, sender: HandshakeRole): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#secret, this.#salt, keyInfo(label, sender), 32));
  }
}

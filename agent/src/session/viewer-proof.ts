import { type HandshakeRefusal, keyThumbprint } from '@guruconnect/shared';
import type { ViewerPins } from '../secure/viewer-pins.ts';

const OTHER_BROWSER = 'this participant came with another browser before';

export interface ProofRefusal {
  readonly why: HandshakeRefusal;
  readonly detail: string;
}

/**
 * What the handshake showed of one peer's viewer. While the viewer may see nothing, nothing is pinned and nobody is
 * told: whoever stands ready has not joined yet, and perhaps never will.
 */
export class ViewerProof {
  readonly #pins: ViewerPins;
  readonly #participantId: string;
  readonly #onWords: (words: readonly string[]) => void;
  #key: string | undefined;
  #words: readonly string[] | undefined;

  constructor(deps: {
    pins: ViewerPins;
    participantId: string;
    /** Nobody is between the viewer and this agent when both show these words. */
    onWords: (words: readonly string[]) => void;
  }) {
    this.#pins = deps.pins;
    this.#participantId = deps.participantId;
    this.#onWords = deps.onWords;
  }

  /** The browser must be the one that the server signed for, and the one that this participant came with before. */
  accept(identityKey: string, grantedKey: string | undefined, mayView: boolean): ProofRefusal | undefined {
    const key = keyThumbprint(identityKey);
    if (grantedKey !== key) return { why: 'grant', detail: 'the grant is for another browser' };
    this.#key = key;
    return mayView ? this.confirm() : undefined;
  }

  /** The viewer may see something: pins its browser, unless another one came before. */
  confirm(): ProofRefusal | undefined {
    if (this.#key === undefined || this.#pins.accept(this.#participantId, this.#key)) return undefined;
    return { why: 'key-changed', detail: OTHER_BROWSER };
  }

  secured(words: readonly string[], mayView: boolean): void {
    this.#words = words;
    if (mayView) this.sayWords();
  }

  /** Tells the words once. */
  sayWords(): void {
    if (this.#words) this.#onWords(this.#words);
    this.#words = undefined;
  }
}

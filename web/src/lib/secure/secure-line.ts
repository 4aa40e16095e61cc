import {
  type ChannelLabel,
  fromPlain,
  type HandshakeCommit,
  type HandshakeContext,
  type HandshakeMessage,
  type HandshakeReveal,
  keyThumbprint,
  type PeerBinding,
  parseHandshakeMessage,
  safetyWords,
  toPlain,
  transcriptDigest,
} from '@guruconnect/shared';
import type { PeerPipe } from '../rtc/peer-pipe.ts';
import type { MismatchedPart, PeerSecurity, SecurityAlarm } from './peer-security.ts';
import type { SecureStore } from './secure-store.ts';
import {
  agreeOnSeal,
  type HandshakeHalf,
  isHandshakeSigned,
  keepsPromise,
  newHalf,
  signHandshake,
} from './web-handshake.ts';
import type { WebSeal } from './web-seal.ts';

export interface SecureLineDeps {
  readonly pipe: () => PeerPipe;
  readonly store: SecureStore;
  readonly sessionId: string;
  readonly events: SecureLineEvents;
}

/** What a line tells its owner. After `alarm` and `broken` it tells nothing more. */
export interface SecureLineEvents {
  /** The viewer's half goes to the agent with the answer. */
  answer(sdp: string, reveal: HandshakeReveal): void;
  /** Both ends have proven themselves; messages follow. */
  secured(security: PeerSecurity): void;
  alarm(alarm: SecurityAlarm): void;
  /** What the agent sealed on this label, in its order. */
  message(label: ChannelLabel, data: string | Uint8Array<ArrayBuffer>): void;
  /** Something came that the agent did not seal so, or could not be sealed for it. */
  broken(label: ChannelLabel, error: unknown): void;
}

/** Between the agent's proof and its check next to nothing comes; more than this is a fault or worse. */
const MAX_EARLY = 2_000;

/**
 * The viewer's end of the handshake on one pipe, and the sealing of what passes after it. Nothing that the agent
 * sends is passed on before it has proven that it is the one who offered, and that nobody is in between.
 */
export class SecureLine {
  readonly #deps: SecureLineDeps;
  /** Made before it is needed: the answer need not wait for it. */
  readonly #half: Promise<HandshakeHalf>;
  readonly #pinned: Promise<string | undefined>;
  #peerId = '';
  #commit: HandshakeCommit | undefined;
  #context: HandshakeContext | undefined;
  #signature: Promise<string> | undefined;
  #isProofHere = false;
  #early: { label: ChannelLabel; data: string | Uint8Array<ArrayBuffer> }[] = [];
  #seal: WebSeal | undefined;
  #over = false;

  constructor(deps: SecureLineDeps) {
    this.#deps = deps;
    const { store, sessionId } = deps;
    this.#half = crypto.subtle
      ? store.identity().then(newHalf)
      : Promise.reject(new Error('The page did not come over HTTPS.'));
    this.#pinned = store.pinned(sessionId);
    this.#half.catch(() =>
      this.#alarm({ kind: 'unable', why: crypto.subtle ? 'no-storage' : 'insecure-page' }),
    );
    // A line that never gets an offer does not need it; one that does asks for it again.
    this.#pinned.catch(() => undefined);
  }

  /** Whether both ends have proven themselves. */
  get isSecured(): boolean {
    return this.#seal !== undefined && !this.#over;
  }

  /** Before the pipe gets the offer. False when it must not get it. */
  offered(peerId: string, commit: HandshakeCommit | undefined): boolean {
    this.#peerId = peerId;
    this.#commit = commit;
    if (!commit) this.#mismatch('handshake');
    return !this.#over;
  }

  /** The pipe made its answer. */
  answered(sdp: string, binding: PeerBinding): void {
    this.#half.then(
      (half) => this.#answer(half, sdp, binding),
      // Told already.
      () => undefined,
    );
  }

  opened(label: ChannelLabel): void {
    if (label !== 'control' || this.#over) return;
    this.#signature?.then(
      (signature) => this.#tell({ type: 'viewer-proof', v: 1, signature }),
      (error: unknown) => this.#break(label, error),
    );
  }

  received(label: ChannelLabel, data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#over) return;
    if (label === 'control' && typeof data === 'string') this.#hear(data);
    else if (this.#seal) this.#open(this.#seal, label, data);
    else if (this.#early.length < MAX_EARLY) this.#early.push({ label, data });
    else this.#mismatch('handshake');
  }

  /** False when nothing may be sent yet, or the channel is not open. */
  send(label: ChannelLabel, data: string | Uint8Array<ArrayBuffer>): boolean {
    const pipe = this.#deps.pipe();
    if (!this.#seal || this.#over || !pipe.isOpen(label)) return false;
    const plain = toPlain(data) as Uint8Array<ArrayBuffer>;
    this.#seal.seal(label, plain).then(
      (sealed) => pipe.send(label, sealed),
      (error: unknown) => this.#break(label, error),
    );
    return true;
  }

  /** Tells nothing any more; resolves when what was to be sent has gone to the pipe. */
  async close(): Promise<void> {
    this.#over = true;
    this.#early = [];
    await this.#seal?.idle();
  }

  #answer(half: HandshakeHalf, sdp: string, binding: PeerBinding): void {
    const commit = this.#commit;
    if (this.#over || !commit) return;
    const { sessionId, events } = this.#deps;
    const context = { sessionId, peerId: this.#peerId, binding, commit, reveal: half.reveal };
    this.#context = context;
    events.answer(sdp, half.reveal);
    this.#signature = signHandshake(half, context, 'viewer');
  }

  /** The agent's words in the open: its proof, and why it goes away. */
  #hear(data: string): void {
    let message: HandshakeMessage;
    try {
      message = parseHandshakeMessage(data);
    } catch {
      this.#mismatch('handshake');
      return;
    }
    if (message.type === 'refused') this.#alarm({ kind: 'refused', why: message.why });
    else if (message.type !== 'agent-proof' || this.#isProofHere) this.#mismatch('handshake');
    else {
      this.#isProofHere = true;
      this.#check(message).catch(() => this.#mismatch('signature'));
    }
  }

  async #check({ reveal, signature }: Extract<HandshakeMessage, { type: 'agent-proof' }>): Promise<void> {
    const context = this.#context;
    if (!context || !keepsPromise(context, reveal)) {
      this.#mismatch(context ? 'promise' : 'handshake');
      return;
    }
    const half = await this.#half;
    const [isSigned, seal, pinnedKey] = await Promise.all([
      isHandshakeSigned(context, 'agent', reveal.identityKey, signature),
      agreeOnSeal(half, context, reveal, 'viewer'),
      this.#pinned,
    ]);
    if (this.#over) return;
    const agentKey = keyThumbprint(reveal.identityKey);
    if (!isSigned) this.#mismatch('signature');
    else if (pinnedKey !== undefined && pinnedKey !== agentKey) {
      this.#alarm({ kind: 'changed-key', agentKey, pinnedKey });
    } else {
      const words = safetyWords(transcriptDigest(context, reveal));
      this.#secured(seal, { words, agentKey, pinned: pinnedKey === undefined ? 'new' : 'known' });
    }
  }

  #secured(seal: WebSeal, security: PeerSecurity): void {
    const { store, sessionId, events, pipe } = this.#deps;
    this.#seal = seal;
    if (security.pinned === 'new') {
      store.pin(sessionId, security.agentKey).catch((error: unknown) => reportError(error));
    }
    events.secured(security);
    pipe().secured?.(seal);
    for (const { label, data } of this.#early.splice(0)) this.#open(seal, label, data);
  }

  #open(seal: WebSeal, label: ChannelLabel, data: string | Uint8Array<ArrayBuffer>): void {
    const { events } = this.#deps;
    if (typeof data === 'string') {
      this.#break(label, new Error('Text where a sealed message is expected.'));
      return;
    }
    seal
      .open(label, data)
      .then((plain) => fromPlain(label, plain))
      .then(
        (opened) => {
          if (!this.#over) events.message(label, opened);
        },
        (error: unknown) => this.#break(label, error),
      );
  }

  #mismatch(what: MismatchedPart): void {
    this.#alarm({ kind: 'mismatch', what });
  }

  #alarm(alarm: SecurityAlarm): void {
    if (this.#over) return;
    this.#over = true;
    this.#deps.events.alarm(alarm);
  }

  #break(label: ChannelLabel, error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#deps.events.broken(label, error);
  }

  #tell(message: HandshakeMessage): void {
    if (!this.#over) this.#deps.pipe().send('control', JSON.stringify(message));
  }
}

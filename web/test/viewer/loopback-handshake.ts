import {
  commitTo,
  type HandshakeCommit,
  type HandshakeContext,
  type HandshakeReveal,
  parseHandshakeMessage,
  safetyWords,
  transcriptDigest,
  webrtcBinding,
} from '@guruconnect/shared';
import {
  agreeOnSeal,
  type HandshakeHalf,
  isHandshakeSigned,
  newHalf,
  signHandshake,
  type WebIdentity,
} from '../../src/lib/secure/web-handshake.ts';
import type { WebSeal } from '../../src/lib/secure/web-seal.ts';

/** What a hostile agent, or somebody in between, may do to the handshake. */
export type Tampering = 'none' | 'no-commit' | 'other-promise' | 'other-signature' | 'plain-hello';

/** The agent's half of the handshake, in a page. */
export class LoopbackHandshake {
  readonly commit: HandshakeCommit;
  readonly #half: HandshakeHalf;
  readonly #ids: { sessionId: string; peerId: string };
  readonly #tampering: Tampering;
  #context: HandshakeContext | undefined;

  private constructor(half: HandshakeHalf, ids: { sessionId: string; peerId: string }, tampering: Tampering) {
    this.#half = half;
    this.#ids = ids;
    this.#tampering = tampering;
    this.commit = commitTo(half.reveal);
  }

  static async begin(
    identity: WebIdentity,
    ids: { sessionId: string; peerId: string },
    tampering: Tampering,
  ): Promise<LoopbackHandshake> {
    return new LoopbackHandshake(await newHalf(identity), ids, tampering);
  }

  answered(offer: string, answer: string, reveal: HandshakeReveal): void {
    const agent = webrtcBinding(offer);
    const viewer = webrtcBinding(answer);
    if (!agent || !viewer) throw new Error('The descriptions name no certificates.');
    this.#context = { ...this.#ids, binding: { agent, viewer }, commit: this.commit, reveal };
  }

  /** The agent's first message, as text. */
  async proof(): Promise<string> {
    const half = this.#half;
    if (this.#tampering === 'plain-hello') return JSON.stringify({ type: 'hello' });
    const reveal = this.#tampering === 'other-promise' ? (await newHalf(half.identity)).reveal : half.reveal;
    const context = this.#known();
    const signed = this.#tampering === 'other-signature' ? { ...context, peerId: 'another' } : context;
    const signature = await signHandshake(half, signed, 'agent');
    return JSON.stringify({ type: 'agent-proof', v: 1, reveal, signature });
  }

  /** Takes the viewer's first message. */
  async finish(text: string): Promise<{ seal: WebSeal; words: string[] }> {
    const message = parseHandshakeMessage(text);
    const context = this.#known();
    if (message.type !== 'viewer-proof') throw new Error(`A viewer says '${message.type}'.`);
    if (!(await isHandshakeSigned(context, 'viewer', context.reveal.identityKey, message.signature))) {
      throw new Error('The viewer signed something else.');
    }
    return {
      seal: await agreeOnSeal(this.#half, context, this.#half.reveal, 'agent'),
      words: safetyWords(transcriptDigest(context, this.#half.reveal)),
    };
  }

  #known(): HandshakeContext {
    if (!this.#context) throw new Error('No answer has come.');
    return this.#context;
  }
}

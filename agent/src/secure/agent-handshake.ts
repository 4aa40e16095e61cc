import { createECDH, createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto';
import {
  commitTo,
  GuruError,
  type HandshakeCommit,
  type HandshakeContext,
  type HandshakeMessage,
  type HandshakeReveal,
  type PeerBinding,
  safetyWords,
  signedTranscript,
  transcriptDigest,
} from '@guruconnect/shared';
import type { IdentityKey } from './identity-key.ts';
import { NodeSeal } from './node-seal.ts';

/** What a finished handshake leaves. */
export interface Secured {
  readonly seal: NodeSeal;
  readonly words: readonly string[];
}

/** The agent's half of one handshake: `commit`, then `proof`, then `finish`. */
export class AgentHandshake {
  readonly commit: HandshakeCommit;
  readonly #identity: IdentityKey;
  readonly #ids: { readonly sessionId: string; readonly peerId: string };
  readonly #exchange = createECDH('prime256v1');
  readonly #reveal: HandshakeReveal;

  constructor(deps: { identity: IdentityKey; sessionId: string; peerId: string }) {
    this.#identity = deps.identity;
    this.#ids = { sessionId: deps.sessionId, peerId: deps.peerId };
    this.#reveal = {
      v: 1,
      nonce: randomBytes(32).toString('base64url'),
      exchangeKey: this.#exchange.generateKeys('base64url', 'uncompressed'),
      identityKey: deps.identity.publicKey,
    };
    this.commit = commitTo(this.#reveal);
  }

  /** The agent's first message on the new connection. */
  proof(binding: PeerBinding, viewer: HandshakeReveal): HandshakeMessage {
    const signature = this.#identity.sign(signedTranscript(this.#context(binding, viewer), 'agent'));
    return { type: 'agent-proof', v: 1, reveal: this.#reveal, signature };
  }

  /** Checks the viewer's signature. Throws `not-allowed` when it is not that of the key it revealed, for this connection. */
  finish(binding: PeerBinding, viewer: HandshakeReveal, signature: string): Secured {
    const context = this.#context(binding, viewer);
    const isSigned = verify(
      'sha256',
      signedTranscript(context, 'viewer'),
      { key: publicKeyOf(viewer.identityKey), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    if (!isSigned) throw new GuruError('not-allowed', 'The viewer signed something else.');
    const digest = transcriptDigest(context, this.#reveal);
    const secret = this.#exchange.computeSecret(Buffer.from(viewer.exchangeKey, 'base64url'));
    return { seal: new NodeSeal({ secret, salt: digest, role: 'agent' }), words: safetyWords(digest) };
  }

  #context(binding: PeerBinding, reveal: HandshakeReveal): HandshakeContext {
    return { ...this.#ids, binding, commit: this.commit, reveal };
  }
}

/** Throws when the 65 bytes are no point of the curve. */
function publicKeyOf(raw: string): KeyObject {
  const point = Buffer.from(raw, 'base64url');
  const x = point.subarray(1, 33).toString('base64url');
  const y = point.subarray(33).toString('base64url');
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
}

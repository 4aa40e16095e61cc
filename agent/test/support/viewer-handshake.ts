import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto';
import {
  commitTo,
  type HandshakeCommit,
  type HandshakeContext,
  type HandshakeReveal,
  type PeerBinding,
  parseHandshakeMessage,
  safetyWords,
  signedTranscript,
  transcriptDigest,
} from '@guruconnect/shared';
import { type IdentityKey, newIdentityKey, readIdentityKey } from '../../src/secure/identity-key.ts';
import { NodeSeal } from '../../src/secure/node-seal.ts';

export interface ViewerIds {
  readonly sessionId: string;
  readonly peerId: string;
}

/** The viewer's half of the handshake on node's own cryptography, as a browser would do it. */
export class ViewerHandshake {
  readonly reveal: HandshakeReveal;
  readonly #ids: ViewerIds;
  readonly #identity: IdentityKey;
  readonly #exchange = createECDH('prime256v1');
  #context: HandshakeContext | undefined;

  constructor(ids: ViewerIds, identity: IdentityKey = readIdentityKey(newIdentityKey())) {
    this.#ids = ids;
    this.#identity = identity;
    this.reveal = {
      v: 1,
      nonce: randomBytes(32).toString('base64url'),
      exchangeKey: this.#exchange.generateKeys('base64url', 'uncompressed'),
      identityKey: identity.publicKey,
    };
  }

  /** The viewer's first message. */
  proof(binding: PeerBinding, commit: HandshakeCommit): string {
    this.#context = { ...this.#ids, binding, commit, reveal: this.reveal };
    const signature = this.#identity.sign(signedTranscript(this.#context, 'viewer'));
    return JSON.stringify({ type: 'viewer-proof', v: 1, signature });
  }

  /** Takes the agent's first message; a text says what is wrong with it. */
  finish(text: string): { readonly seal: NodeSeal; readonly words: string[] } | string {
    const message = parseHandshakeMessage(text);
    const context = this.#context;
    if (message.type !== 'agent-proof' || !context) return `an agent says '${message.type}'`;
    const { reveal, signature } = message;
    if (commitTo(reveal).digest !== context.commit.digest) return 'it breaks its promise';
    const point = Buffer.from(reveal.identityKey, 'base64url');
    const isSigned = verify(
      'sha256',
      signedTranscript(context, 'agent'),
      {
        key: createPublicKey({
          key: {
            kty: 'EC',
            crv: 'P-256',
            x: point.subarray(1, 33).toString('base64url'),
            y: point.subarray(33).toString('base64url'),
          },
          format: 'jwk',
        }),
        dsaEncoding: 'ieee-p1363',
      },
      Buffer.from(signature, 'base64url'),
    );
    if (!isSigned) return 'it signed something else';
    const salt = transcriptDigest(context, reveal);
    const secret = this.#exchange.computeSecret(Buffer.from(reveal.exchangeKey, 'base64url'));
    return { seal: new NodeSeal({ secret, salt, role: 'viewer' }), words: safetyWords(salt) };
  }
}

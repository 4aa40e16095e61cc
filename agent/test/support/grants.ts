import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { Capability, GrantClaims, SignedGrant } from '@guruconnect/shared';

/** A server's signing key, and grants made with it. */
export class GrantSigner {
  readonly sessionId = randomUUID();
  readonly publicKey: string;
  readonly #privateKey;
  #sequence = 0;

  constructor() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = pair.privateKey;
    this.publicKey = pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');
  }

  /** Claims with a sequence higher than all before. */
  claims(peerId: string, participantId: string, capabilities: Capability[], now: number): GrantClaims {
    this.#sequence += 1;
    return {
      v: 1,
      sessionId: this.sessionId,
      participantId,
      peerId,
      capabilities,
      issuedAt: now,
      expiresAt: now + 15 * 60_000,
      sequence: this.#sequence,
    };
  }

  sign(claims: GrantClaims): SignedGrant {
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const signature = sign('sha256', Buffer.from(payload), {
      key: this.#privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return { payload, signature: signature.toString('base64url') };
  }

  grant(peerId: string, participantId: string, capabilities: Capability[], now: number): SignedGrant {
    return this.sign(this.claims(peerId, participantId, capabilities, now));
  }
}

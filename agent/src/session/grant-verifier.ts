import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { GRANT_LIFETIME_MS, GrantClaims, type SignedGrant } from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { Clock } from '../core/clock.ts';

export type GrantCheck =
  | { readonly ok: true; readonly claims: GrantClaims; readonly lifetimeMs: number }
  | { readonly ok: false; readonly reason: string };

/**
 * Checks that a grant is the server's and not over. The server's time is not taken from this machine's clock, which
 * may be hours off: a verified grant shows that it was at least `issuedAt`, and time only passes from there.
 */
export class GrantVerifier {
  readonly #key: KeyObject;
  readonly #sessionId: string;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #newest: { serverMs: number; atMs: number } | undefined;

  /** `serverPublicKey`: P-256, SPKI in base64url. Throws when it is none. */
  constructor(deps: { serverPublicKey: string; sessionId: string; clock: Pick<Clock, 'monotonicMs'> }) {
    this.#key = createPublicKey({
      key: Buffer.from(deps.serverPublicKey, 'base64url'),
      format: 'der',
      type: 'spki',
    });
    this.#sessionId = deps.sessionId;
    this.#clock = deps.clock;
  }

  /** The server's time in epoch ms as far as grants have shown, undefined before the first one. */
  serverTimeMs(): number | undefined {
    return this.#newest && this.#newest.serverMs + this.#clock.monotonicMs() - this.#newest.atMs;
  }

  check(grant: SignedGrant, peerId: string): GrantCheck {
    if (!this.#isSigned(grant)) return refuse('the signature is wrong');
    const claims = parseClaims(grant.payload);
    if (!claims) return refuse('the claims are malformed');
    if (claims.sessionId !== this.#sessionId) return refuse('it is for another session');
    if (claims.peerId !== peerId) return refuse('it is for another peer');
    this.#learn(claims.issuedAt);
    const serverMs = this.serverTimeMs() ?? claims.issuedAt;
    const lifetimeMs = Math.min(GRANT_LIFETIME_MS, claims.expiresAt - serverMs);
    if (lifetimeMs <= 0) return refuse('it has expired');
    return { ok: true, claims, lifetimeMs };
  }

  #isSigned(grant: SignedGrant): boolean {
    return verify(
      'sha256',
      Buffer.from(grant.payload, 'utf8'),
      { key: this.#key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(grant.signature, 'base64url'),
    );
  }

  #learn(issuedAt: number): void {
    const known = this.serverTimeMs();
    if (known === undefined || issuedAt > known) {
      this.#newest = { serverMs: issuedAt, atMs: this.#clock.monotonicMs() };
    }
  }
}

function parseClaims(payload: string): GrantClaims | undefined {
  try {
    const parsed = z.safeParse(GrantClaims, JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function refuse(reason: string): GrantCheck {
  return { ok: false, reason };
}

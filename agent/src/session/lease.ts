import type { Capability, GrantClaims, SignedGrant } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { GrantVerifier } from './grant-verifier.ts';

interface Held {
  readonly claims: GrantClaims;
  readonly payload: string;
  readonly atMonotonicMs: number;
  readonly atWallMs: number;
  readonly lifetimeMs: number;
}

export interface LeaseDeps {
  readonly verifier: GrantVerifier;
  readonly peerId: string;
  readonly participantId: string;
  readonly clock: Pick<Clock, 'monotonicMs' | 'now'>;
}

/** What one peer may do now: the newest grant of the server, for as long as it lasts. */
export class Lease {
  readonly #deps: LeaseDeps;
  #held: Held | undefined;

  constructor(deps: LeaseDeps) {
    this.#deps = deps;
  }

  /** Takes a grant; returns why it was refused, or undefined. The grant held before stays then. */
  take(grant: SignedGrant): string | undefined {
    if (grant.payload === this.#held?.payload) return undefined;
    const check = this.#deps.verifier.check(grant, this.#deps.peerId);
    if (!check.ok) return check.reason;
    const { claims, lifetimeMs } = check;
    if (claims.participantId !== this.#deps.participantId) return 'it is for another participant';
    if (this.#held && claims.viewerKey !== this.#held.claims.viewerKey) return 'it is for another browser';
    if (this.#held && claims.sequence <= this.#held.claims.sequence) return 'it is older than the one held';
    this.#held = {
      claims,
      payload: grant.payload,
      atMonotonicMs: this.#deps.clock.monotonicMs(),
      atWallMs: this.#deps.clock.now(),
      lifetimeMs,
    };
    return undefined;
  }

  /** Thumbprint of the browser that the grant is for. */
  get viewerKey(): string | undefined {
    return this.#held?.claims.viewerKey;
  }

  /** Asked for every message. */
  allows(capability: Capability): boolean {
    return this.remainingMs() > 0 && (this.#held?.claims.capabilities.includes(capability) ?? false);
  }

  get capabilities(): readonly Capability[] {
    return this.remainingMs() > 0 ? (this.#held?.claims.capabilities ?? []) : [];
  }

  /**
   * 0 when it is over. The faster of two clocks counts: the monotonic one stands still while the machine sleeps, the
   * wall clock can be set back.
   */
  remainingMs(): number {
    const held = this.#held;
    if (!held) return 0;
    const { clock } = this.#deps;
    const passedMs = Math.max(clock.monotonicMs() - held.atMonotonicMs, clock.now() - held.atWallMs);
    return Math.max(0, held.lifetimeMs - passedMs);
  }
}

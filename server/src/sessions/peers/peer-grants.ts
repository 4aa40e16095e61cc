import { type Capability, GRANT_LIFETIME_MS, type SignedGrant } from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import type { PeerRow } from '../../db/schema/sessions.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { GrantSigner } from './grant-signer.ts';
import { type PeerStanding, standingOf } from './peer-standing.ts';

export interface IssuedGrant {
  readonly grant: SignedGrant;
  readonly standing: Exclude<PeerStanding, { kind: 'lost' }>;
}

/** Signs what peers may do and remembers what was signed last. */
export class PeerGrants {
  readonly #deps: {
    readonly clock: Clock;
    readonly sessions: Pick<SessionStore, 'nextGrant'>;
    readonly signer: GrantSigner;
  };
  /** What each peer's newest grant says, so that a change of state sends no grant that says the same. */
  readonly #told = new Map<string, string>();

  constructor(deps: { clock: Clock; sessions: Pick<SessionStore, 'nextGrant'>; signer: GrantSigner }) {
    this.#deps = deps;
  }

  /** Signs what the peer may do as the session stands at this moment; undefined when it may not even stand. */
  async issue(peer: PeerRow): Promise<IssuedGrant | undefined> {
    const row = await this.#deps.sessions.nextGrant(peer.sessionId);
    const standing = row && standingOf(row.state, peer);
    if (!row || !standing || standing.kind === 'lost') return undefined;
    this.#told.set(peer.id, textOf(standing.capabilities));
    const issuedAt = this.#deps.clock.now();
    const grant = await this.#deps.signer.sign({
      v: 1,
      sessionId: peer.sessionId,
      participantId: peer.participantId,
      peerId: peer.id,
      capabilities: [...standing.capabilities],
      ...(peer.viewerKey === null ? {} : { viewerKey: peer.viewerKey }),
      issuedAt,
      expiresAt: issuedAt + GRANT_LIFETIME_MS,
      sequence: row.grantSequence,
    });
    return { grant, standing };
  }

  /** Whether the newest grant says something else, or is not known since a restart. */
  isNews(peerId: string, capabilities: readonly Capability[]): boolean {
    return this.#told.get(peerId) !== textOf(capabilities);
  }

  /** Whether the peer is known to have been allowed something. */
  allowedAnything(peerId: string): boolean {
    return this.textOf(peerId) !== '';
  }

  /** For the audit log. */
  textOf(peerId: string): string {
    return this.#told.get(peerId) ?? '';
  }

  forget(peerId: string): void {
    this.#told.delete(peerId);
  }
}

function textOf(capabilities: readonly Capability[]): string {
  return capabilities.join('+');
}

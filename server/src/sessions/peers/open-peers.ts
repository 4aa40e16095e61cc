import type { Capability, PeerCloseReason } from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import type { PeerRow } from '../../db/schema/sessions.ts';
import type { Background } from '../live/background.ts';
import type { Fanout } from '../live/fanout.ts';
import type { AgentMessenger, ConsoleMessenger } from '../live/messengers.ts';
import type { SessionPresence } from '../live/session-presence.ts';
import type { Recorder } from '../session-recorder.ts';
import type { PeerStore } from '../store/peer-store.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { GrantSigner } from './grant-signer.ts';
import { type IssuedGrant, PeerGrants } from './peer-grants.ts';
import type { PeerRelay } from './peer-relay.ts';
import { WarmPeers } from './warm-peers.ts';

export interface OpenPeersDeps {
  readonly clock: Clock;
  readonly sessions: Pick<SessionStore, 'nextGrant'>;
  readonly peers: Pick<PeerStore, 'close'>;
  readonly presence: SessionPresence;
  readonly agents: AgentMessenger;
  readonly consoles: ConsoleMessenger;
  readonly signer: GrantSigner;
  readonly fanout: Fanout;
  readonly record: Recorder;
  readonly background: Background;
  readonly relay: Pick<PeerRelay, 'forget'>;
}

/** What there is to an open peer: its newest grant, whether it is warm or shows something, and its end. */
export class OpenPeers {
  readonly #deps: OpenPeersDeps;
  readonly #grants: PeerGrants;
  readonly #warm = new WarmPeers();

  constructor(deps: OpenPeersDeps) {
    this.#deps = deps;
    this.#grants = new PeerGrants(deps);
  }

  /** Signs what the peer may do now; undefined when it may not even stand. A warm one that may show something is live. */
  async grant(peer: PeerRow): Promise<IssuedGrant | undefined> {
    const issued = await this.#grants.issue(peer);
    if (issued?.standing.kind === 'warm') this.#warm.note(peer);
    else if (issued && this.#warm.forget(peer.id)) {
      this.#nowViewing(peer);
      this.record('peer.live', peer, { capabilities: this.#grants.textOf(peer.id) });
    }
    return issued;
  }

  /** Whether that is something else than the newest grant says, or it is not known since a restart. */
  isNews(peerId: string, capabilities: readonly Capability[]): boolean {
    return this.#grants.isNews(peerId, capabilities);
  }

  /** Whether it is known to have been allowed something. */
  allowedAnything(peerId: string): boolean {
    return this.#grants.allowedAnything(peerId);
  }

  /** What the newest grant allows, for the audit log. */
  capabilityText(peerId: string): string {
    return this.#grants.textOf(peerId);
  }

  /** How many peers of a login wait for somebody to click. */
  warmOf(loginId: string): number {
    return this.#warm.heldOf(loginId);
  }

  /** Warm ones that nobody has used for too long. */
  idleAt(now: number): PeerRow[] {
    return this.#warm.idleAt(now);
  }

  /** The peer stands. */
  connected(peer: PeerRow): void {
    const isWarm = this.#warm.connected(peer.id);
    if (!isWarm) this.#nowViewing(peer);
    this.record('peer.connected', peer, { warm: isWarm });
  }

  /** It stood already before its agent, or this server, was back. */
  stillConnected(peer: PeerRow, kind: IssuedGrant['standing']['kind']): void {
    if (kind === 'live') this.#deps.presence.viewerConnected(peer.sessionId, peer.participantId, peer.id);
    else this.#warm.connected(peer.id);
  }

  /** Cuts peers at the agent at once, tells the browsers, then notes it. */
  async cut(peers: readonly PeerRow[], reason: PeerCloseReason): Promise<void> {
    for (const peer of peers) {
      const agentId = this.#deps.presence.agentOf(peer.sessionId);
      if (agentId) this.#deps.agents.tell(agentId, 'peer:cut', { peerId: peer.id, reason });
      this.#deps.consoles.tellLogin(peer.loginId, 'peer:closed', { peerId: peer.id, reason });
    }
    await this.close(peers, reason);
  }

  /** Notes that they are no more. */
  async close(peers: readonly PeerRow[], reason: string): Promise<void> {
    const ids = peers.map((peer) => peer.id);
    const closed = await this.#deps.peers.close(ids, this.#deps.clock.now());
    const sessionsChanged = new Set<string>();
    for (const peer of peers) {
      this.#grants.forget(peer.id);
      this.#warm.forget(peer.id);
      this.#deps.relay.forget(peer.id);
      if (this.#deps.presence.viewerDisconnected(peer.sessionId, peer.id))
        sessionsChanged.add(peer.sessionId);
    }
    for (const sessionId of sessionsChanged) this.#deps.fanout.sessionChanged(sessionId);
    for (const peer of closed) {
      this.record('peer.closed', peer, { reason, openMs: (peer.closedAt ?? 0) - peer.createdAt });
    }
  }

  /** Writes it to the audit log, without anybody waiting for that. */
  record(action: string, peer: PeerRow, details: Record<string, unknown>): void {
    this.#deps.background.run('recording a peer', () =>
      this.#deps.record({
        actor: `user:${peer.userId}`,
        action,
        sessionId: peer.sessionId,
        details: { peerId: peer.id, participantId: peer.participantId, ...details },
      }),
    );
  }

  #nowViewing(peer: PeerRow): void {
    this.#deps.presence.viewerConnected(peer.sessionId, peer.participantId, peer.id);
    this.#deps.fanout.sessionChanged(peer.sessionId);
  }
}

import { GuruError, type PeerCloseReason, type PeerTransport, type SignedGrant } from '@guruconnect/shared';
import type { LoginEndReason, Logins } from '../../core/ports.ts';
import type { PeerRow, SessionRow } from '../../db/schema/sessions.ts';
import type { SessionAccess } from '../session-access.ts';
import type { PeerStore } from '../store/peer-store.ts';
import type { Caller } from './caller.ts';
import { OpenPeers, type OpenPeersDeps } from './open-peers.ts';
import { PeerOpener, type PeerOpenerDeps, type PeerWish } from './peer-opener.ts';
import { type PeerStanding, standingOf } from './peer-standing.ts';

const LOGIN_END_REASONS: Record<LoginEndReason, PeerCloseReason> = {
  'signed-out': 'signed-out',
  expired: 'signed-out',
  disabled: 'user-disabled',
  'role-changed': 'role-changed',
};

export interface PeerBrokerDeps extends OpenPeersDeps, PeerOpenerDeps {
  readonly peers: PeerStore;
  readonly access: Pick<SessionAccess, 'mayView'>;
  readonly logins: Logins;
  readonly relay: OpenPeersDeps['relay'] & PeerOpenerDeps['relay'];
}

/**
 * Opens and cuts the peer connections between technicians' browsers and agents, and signs what each may do.
 * A peer belongs to a participant, or to who may become one, and to a login; it lives as long as both may.
 */
export class PeerBroker {
  readonly #deps: PeerBrokerDeps;
  readonly #open: OpenPeers;
  readonly #opener: PeerOpener;

  constructor(deps: PeerBrokerDeps) {
    this.#deps = deps;
    this.#open = new OpenPeers(deps);
    this.#opener = new PeerOpener(deps, this.#open);
  }

  /** Has the agent offer a connection to the caller's page, see {@link PeerOpener.request}. */
  request(
    caller: Caller,
    row: SessionRow,
    wish: PeerWish,
  ): Promise<{ peerId: string; transport: PeerTransport }> {
    return this.#opener.request(caller, row, wish);
  }

  /** The caller joins with a peer that stood ready; a grant follows with the session's next change. */
  async wake(caller: Caller, sessionId: string, peerId: string): Promise<void> {
    await this.#deps.peers.wake(peerId, caller.login.loginId, sessionId);
  }

  /** Somebody left: nothing of theirs stays, also what stood ready, and they come back as somebody new. */
  async leave(sessionId: string, userId: string): Promise<void> {
    const open = await this.#deps.peers.openOfSession(sessionId);
    const own = open.filter((peer) => peer.userId === userId);
    await this.#open.cut(own, 'left');
    this.#deps.reservations.release(sessionId, userId);
  }

  /** After a change of the session: cuts peers that lost their right, sends new grants to those that changed. */
  async reconcile(row: SessionRow): Promise<void> {
    const agentId = this.#deps.presence.agentOf(row.id);
    const isOtherAgent =
      row.state.endpoint.kind === 'agent' && agentId !== undefined && row.state.endpoint.agentId !== agentId;
    const lost: [PeerRow, PeerCloseReason][] = [];
    for (const peer of await this.#deps.peers.openOfSession(row.id)) {
      const standing = await this.#standing(peer, row);
      if (isOtherAgent) lost.push([peer, 'replaced']);
      else if (standing.kind === 'lost') lost.push([peer, standing.reason]);
      else if (agentId && this.#open.isNews(peer.id, standing.capabilities)) await this.#renew(peer, agentId);
    }
    for (const [peer, reason] of lost) await this.#open.cut([peer], reason);
  }

  /** A login ended: none of its peers may live on. */
  async cutLogin(loginId: string, reason: LoginEndReason): Promise<void> {
    await this.#open.cut(await this.#deps.peers.openOfLogin(loginId), LOGIN_END_REASONS[reason]);
  }

  /** The browser closes a peer of its own; one that is closed already is no fault. */
  async closeByConsole(caller: Caller, peerId: string): Promise<void> {
    const peer = await this.#deps.peers.findOpen(peerId);
    if (!peer) return;
    if (peer.loginId !== caller.login.loginId) throw GuruError.notAllowed('close that connection');
    await this.#open.cut([peer], 'left');
  }

  /** The agent tells how a peer of its session is. */
  async stateFromAgent(
    sessionId: string,
    peerId: string,
    state: 'connected' | 'failed' | 'closed',
  ): Promise<void> {
    const peer = await this.#deps.peers.findOpen(peerId);
    if (!peer) return;
    if (peer.sessionId !== sessionId) throw GuruError.notAllowed('speak for that connection');
    if (state !== 'connected') {
      // Its page may not notice for long, above all where it has never come up.
      this.#deps.consoles.tellLogin(peer.loginId, 'peer:closed', { peerId, reason: 'replaced' });
      return this.#open.close([peer], state);
    }
    this.#open.connected(peer);
  }

  /**
   * The agent is (again) there and still holds these peers. Returns fresh grants for those that may live on;
   * the agent cuts the others.
   */
  async takeUp(
    sessionId: string,
    heldPeerIds: readonly string[],
  ): Promise<{ peerId: string; grant: SignedGrant }[]> {
    const grants: { peerId: string; grant: SignedGrant }[] = [];
    for (const peer of await this.#deps.peers.openOfSession(sessionId)) {
      const isHeld = heldPeerIds.includes(peer.id);
      const isLive = isHeld && (await this.#deps.logins.isLive(peer.loginId));
      const granted = isLive ? await this.#open.grant(peer) : undefined;
      if (granted) {
        grants.push({ peerId: peer.id, grant: granted.grant });
        this.#open.stillConnected(peer, granted.standing.kind);
      } else if (isHeld) {
        await this.#open.cut([peer], isLive ? 'consent-withdrawn' : 'signed-out');
      } else {
        // The page need not wait for its own heartbeat to notice.
        this.#deps.consoles.tellLogin(peer.loginId, 'peer:closed', { peerId: peer.id, reason: 'replaced' });
        await this.#open.close([peer], 'agent-restarted');
      }
    }
    return grants;
  }

  /**
   * Renews the grants of all peers, and cuts those whose login is gone or that nobody uses. Run every
   * GRANT_RENEWAL_MS.
   */
  async renewAll(): Promise<void> {
    await this.#open.cut(this.#open.idleAt(this.#deps.clock.now()), 'idle');
    const isLive = new Map<string, boolean>();
    for (const peer of await this.#deps.peers.allOpen()) {
      const agentId = this.#deps.presence.agentOf(peer.sessionId);
      if (!agentId) continue;
      if (this.#deps.presence.isConnected(peer.sessionId, peer.id))
        await this.#deps.logins.touch(peer.loginId);
      const live = isLive.get(peer.loginId) ?? (await this.#deps.logins.isLive(peer.loginId));
      isLive.set(peer.loginId, live);
      if (live) await this.#renew(peer, agentId);
      else await this.#open.cut([peer], 'signed-out');
    }
  }

  async #renew(peer: PeerRow, agentId: string): Promise<void> {
    const granted = await this.#open.grant(peer);
    if (!granted) return;
    this.#deps.agents.tell(agentId, 'peer:grant', { peerId: peer.id, grant: granted.grant });
  }

  /** What the session's state says of the peer, and what its past and its person do. */
  async #standing(peer: PeerRow, row: SessionRow): Promise<PeerStanding> {
    const standing = standingOf(row.state, peer);
    if (standing.kind !== 'warm') return standing;
    const mayStay =
      !this.#open.allowedAnything(peer.id) && (await this.#deps.access.mayView(peer.userId, row));
    return mayStay ? standing : { kind: 'lost', reason: 'left' };
  }
}

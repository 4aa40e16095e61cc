import {
  GuruError,
  type IceServer,
  type PeerCloseReason,
  type PeerPath,
  type PeerTransport,
  type SignedGrant,
} from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import type { LoginEndReason, Logins, RelayOffers } from '../../core/ports.ts';
import { newId } from '../../core/secrets.ts';
import type { PeerRow, SessionRow } from '../../db/schema/sessions.ts';
import type { Background } from '../live/background.ts';
import type { Fanout } from '../live/fanout.ts';
import type { AgentMessenger, ConsoleMessenger } from '../live/messengers.ts';
import type { SessionPresence } from '../live/session-presence.ts';
import type { SessionAccess } from '../session-access.ts';
import type { Recorder } from '../session-recorder.ts';
import type { PeerStore } from '../store/peer-store.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { Caller } from './caller.ts';
import type { GrantSigner } from './grant-signer.ts';
import { type IssuedGrant, PeerGrants } from './peer-grants.ts';
import type { PeerRelay } from './peer-relay.ts';
import { type PeerStanding, standingOf } from './peer-standing.ts';
import type { Reservations } from './reservations.ts';
import { viewerKeyOf } from './viewer-key.ts';
import { MAX_HELD_PER_LOGIN, WarmPeers } from './warm-peers.ts';

/** More open peers than this of one participant are a fault; the oldest make room. */
const MAX_PEERS_PER_PARTICIPANT = 8;

const LOGIN_END_REASONS: Record<LoginEndReason, PeerCloseReason> = {
  'signed-out': 'signed-out',
  expired: 'signed-out',
  disabled: 'user-disabled',
  'role-changed': 'role-changed',
};

export interface PeerBrokerDeps {
  readonly clock: Clock;
  readonly sessions: SessionStore;
  readonly peers: PeerStore;
  readonly access: Pick<SessionAccess, 'mayView'>;
  readonly reservations: Reservations;
  readonly presence: SessionPresence;
  readonly agents: AgentMessenger;
  readonly consoles: ConsoleMessenger;
  readonly signer: GrantSigner;
  readonly logins: Logins;
  readonly fanout: Fanout;
  readonly record: Recorder;
  readonly background: Background;
  readonly iceServers: (peerId: string) => IceServer[];
  readonly relay: Pick<PeerRelay, 'remember' | 'forget'>;
  readonly relays: RelayOffers;
}

/** What a page wishes of a new peer. */
export interface PeerWish {
  /** Of the browser that will be at the other end. */
  readonly browserKey: string;
  readonly replaces?: string | undefined;
  /** It shall stand ready and show nothing until the page joins. */
  readonly warm?: boolean | undefined;
  /** `webrtc` when it says nothing. */
  readonly path?: PeerPath | undefined;
}

/**
 * Opens and cuts the peer connections between technicians' browsers and agents, and signs what each may do.
 * A peer belongs to a participant, or to who may become one, and to a login; it lives as long as both may.
 */
export class PeerBroker {
  readonly #deps: PeerBrokerDeps;
  readonly #grants: PeerGrants;
  readonly #warm = new WarmPeers();

  constructor(deps: PeerBrokerDeps) {
    this.#deps = deps;
    this.#grants = new PeerGrants(deps);
  }

  /**
   * Has the agent offer a connection to the caller's page. The caller's permission was asked before. While nobody
   * joined or answered, the peer is warm: its grant lets it do nothing.
   * Throws `not-allowed` after a refusal and during a pause, `endpoint-offline` without an agent, and `unavailable` when
   * there is no relay to take.
   */
  async request(
    caller: Caller,
    row: SessionRow,
    wish: PeerWish,
  ): Promise<{ peerId: string; transport: PeerTransport }> {
    const { userId, loginId, name } = caller.login;
    const viewerKey = await viewerKeyOf(this.#deps, caller, row.id, wish.browserKey);
    const participantId = await this.#deps.reservations.participantIdOf(row, userId);
    const now = this.#deps.clock.now();
    const peer: PeerRow = {
      id: newId(),
      sessionId: row.id,
      participantId,
      userId,
      loginId,
      createdAt: now,
      closedAt: null,
      warm: wish.warm ?? false,
      viewerKey,
    };
    if (row.phase !== 'waiting' && standingOf(row.state, peer).kind === 'lost') throw consentMissing();
    if (row.state.endpoint.kind !== 'agent' || !this.#deps.presence.agentOf(row.id)) throw offline();
    const old = await this.#replaced(caller, peer, wish.replaces);
    if (peer.warm && !old && this.#warm.heldOf(loginId) >= MAX_HELD_PER_LOGIN) throw tooManyWarm();
    const transport = this.#transport(caller, peer.id, wish.path);
    await this.#deps.peers.open(peer);
    // What ended between the checks above and the stored row did not find the peer: look again.
    const granted = caller.hasEnded() ? undefined : await this.#grant(peer);
    const agentId = this.#deps.presence.agentOf(row.id);
    if (!granted || !agentId || caller.hasEnded()) {
      await this.#close([peer], 'refused');
      throw caller.hasEnded() ? GuruError.unauthenticated() : granted ? offline() : consentMissing();
    }
    this.#deps.relay.remember(peer, peer.id, caller.connectionId);
    this.#deps.agents.tell(agentId, 'peer:open', {
      peerId: peer.id,
      participantId,
      participantName: name,
      grant: granted.grant,
      transport,
      ...(old ? { replaces: old.id } : {}),
    });
    this.#deps.background.run('closing surplus peers', () => this.#limit(peer));
    const isWarm = granted.standing.kind === 'warm';
    const capabilities = this.#grants.textOf(peer.id);
    this.#recordSoon('peer.opened', peer, { capabilities, warm: isWarm, path: transport.kind });
    return { peerId: peer.id, transport };
  }

  /** The caller joins with a peer that stood ready; a grant follows with the session's next change. */
  async wake(caller: Caller, sessionId: string, peerId: string): Promise<void> {
    await this.#deps.peers.wake(peerId, caller.login.loginId, sessionId);
  }

  /** Somebody left: nothing of theirs stays, also what stood ready, and they come back as somebody new. */
  async leave(sessionId: string, userId: string): Promise<void> {
    const open = await this.#deps.peers.openOfSession(sessionId);
    const own = open.filter((peer) => peer.userId === userId);
    await this.cut(own, 'left');
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
      else if (agentId && this.#grants.isNews(peer.id, standing.capabilities))
        await this.#renew(peer, agentId);
    }
    for (const [peer, reason] of lost) await this.cut([peer], reason);
  }

  /** Cuts peers at the agent at once, tells the browsers, then notes it. */
  async cut(peers: readonly PeerRow[], reason: PeerCloseReason): Promise<void> {
    for (const peer of peers) {
      const agentId = this.#deps.presence.agentOf(peer.sessionId);
      if (agentId) this.#deps.agents.tell(agentId, 'peer:cut', { peerId: peer.id, reason });
      this.#deps.consoles.tellLogin(peer.loginId, 'peer:closed', { peerId: peer.id, reason });
    }
    await this.#close(peers, reason);
  }

  /** A login ended: none of its peers may live on. */
  async cutLogin(loginId: string, reason: LoginEndReason): Promise<void> {
    await this.cut(await this.#deps.peers.openOfLogin(loginId), LOGIN_END_REASONS[reason]);
  }

  /** The browser closes a peer of its own; one that is closed already is no fault. */
  async closeByConsole(caller: Caller, peerId: string): Promise<void> {
    const peer = await this.#deps.peers.findOpen(peerId);
    if (!peer) return;
    if (peer.loginId !== caller.login.loginId) throw GuruError.notAllowed('close that connection');
    await this.cut([peer], 'left');
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
      return this.#close([peer], state);
    }
    const isWarm = this.#warm.connected(peerId);
    if (!isWarm) this.#nowViewing(peer);
    this.#recordSoon('peer.connected', peer, { warm: isWarm });
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
      const granted = isLive ? await this.#grant(peer) : undefined;
      if (granted) {
        grants.push({ peerId: peer.id, grant: granted.grant });
        if (granted.standing.kind === 'live')
          this.#deps.presence.viewerConnected(sessionId, peer.participantId, peer.id);
        else this.#warm.connected(peer.id);
      } else if (isHeld) {
        await this.cut([peer], isLive ? 'consent-withdrawn' : 'signed-out');
      } else {
        // The page need not wait for its own heartbeat to notice.
        this.#deps.consoles.tellLogin(peer.loginId, 'peer:closed', { peerId: peer.id, reason: 'replaced' });
        await this.#close([peer], 'agent-restarted');
      }
    }
    return grants;
  }

  /**
   * Renews the grants of all peers, and cuts those whose login is gone or that nobody uses. Run every
   * GRANT_RENEWAL_MS.
   */
  async renewAll(): Promise<void> {
    await this.cut(this.#warm.idleAt(this.#deps.clock.now()), 'idle');
    const isLive = new Map<string, boolean>();
    for (const peer of await this.#deps.peers.allOpen()) {
      const agentId = this.#deps.presence.agentOf(peer.sessionId);
      if (!agentId) continue;
      if (this.#deps.presence.isConnected(peer.sessionId, peer.id))
        await this.#deps.logins.touch(peer.loginId);
      const live = isLive.get(peer.loginId) ?? (await this.#deps.logins.isLive(peer.loginId));
      isLive.set(peer.loginId, live);
      if (live) await this.#renew(peer, agentId);
      else await this.cut([peer], 'signed-out');
    }
  }

  async #renew(peer: PeerRow, agentId: string): Promise<void> {
    const granted = await this.#grant(peer);
    if (!granted) return;
    this.#deps.agents.tell(agentId, 'peer:grant', { peerId: peer.id, grant: granted.grant });
  }

  async #grant(peer: PeerRow): Promise<IssuedGrant | undefined> {
    const issued = await this.#grants.issue(peer);
    if (issued?.standing.kind === 'warm') this.#warm.note(peer);
    else if (issued && this.#warm.forget(peer.id)) {
      this.#nowViewing(peer);
      this.#recordSoon('peer.live', peer, { capabilities: this.#grants.textOf(peer.id) });
    }
    return issued;
  }

  /** What the session's state says of the peer, and what its past and its person do. */
  async #standing(peer: PeerRow, row: SessionRow): Promise<PeerStanding> {
    const standing = standingOf(row.state, peer);
    if (standing.kind !== 'warm') return standing;
    const mayStay =
      !this.#grants.allowedAnything(peer.id) && (await this.#deps.access.mayView(peer.userId, row));
    return mayStay ? standing : { kind: 'lost', reason: 'left' };
  }

  #nowViewing(peer: PeerRow): void {
    this.#deps.presence.viewerConnected(peer.sessionId, peer.participantId, peer.id);
    this.#deps.fanout.sessionChanged(peer.sessionId);
  }

  #transport(caller: Caller, peerId: string, path: PeerPath = 'webrtc'): PeerTransport {
    if (path === 'webrtc') return { kind: 'webrtc', iceServers: this.#deps.iceServers(peerId) };
    const offer = this.#deps.relays.offer(peerId, caller.origin);
    if (!offer) throw new GuruError('unavailable', 'There is no relay at the moment.');
    return { kind: 'relay', ...offer };
  }

  /** The peer that a new one takes the place of; one that is gone already needs none. */
  async #replaced(
    caller: Caller,
    { sessionId, participantId }: PeerRow,
    replaces: string | undefined,
  ): Promise<PeerRow | undefined> {
    const old = replaces === undefined ? undefined : await this.#deps.peers.findOpen(replaces);
    if (!old) return undefined;
    const isOwn =
      old.loginId === caller.login.loginId &&
      old.sessionId === sessionId &&
      old.participantId === participantId;
    if (!isOwn) throw GuruError.notAllowed('replace that connection');
    return old;
  }

  async #limit(newest: PeerRow): Promise<void> {
    const open = await this.#deps.peers.openOfSession(newest.sessionId);
    const own = open.filter((peer) => peer.participantId === newest.participantId);
    await this.cut(own.slice(0, Math.max(0, own.length - MAX_PEERS_PER_PARTICIPANT)), 'replaced');
  }

  async #close(peers: readonly PeerRow[], reason: string): Promise<void> {
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
      this.#recordSoon('peer.closed', peer, { reason, openMs: (peer.closedAt ?? 0) - peer.createdAt });
    }
  }

  #recordSoon(action: string, peer: PeerRow, details: Record<string, unknown>): void {
    this.#deps.background.run('recording a peer', () =>
      this.#deps.record({
        actor: `user:${peer.userId}`,
        action,
        sessionId: peer.sessionId,
        details: { peerId: peer.id, participantId: peer.participantId, ...details },
      }),
    );
  }
}

function consentMissing(): GuruError {
  return new GuruError('not-allowed', 'The person at the machine has not agreed (yet).');
}

function offline(): GuruError {
  return new GuruError('endpoint-offline', 'The machine is not connected.');
}

function tooManyWarm(): GuruError {
  return new GuruError('too-many-requests', 'Enough connections of yours stand ready.');
}

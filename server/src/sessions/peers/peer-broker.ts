import {
  type Capability,
  capabilitiesOf,
  GRANT_LIFETIME_MS,
  GuruError,
  type IceServer,
  type PeerCloseReason,
  type PeerTransport,
  type SessionState,
  type SignedGrant,
} from '@guruconnect/shared';
import type * as z from 'zod/mini';
import type { Clock } from '../../core/clock.ts';
import type { LoginEndReason, Logins } from '../../core/ports.ts';
import { newId } from '../../core/secrets.ts';
import type { PeerRow, SessionRow } from '../../db/schema/sessions.ts';
import type { Background } from '../live/background.ts';
import type { Fanout } from '../live/fanout.ts';
import type { AgentMessenger, ConsoleMessenger } from '../live/messengers.ts';
import type { SessionPresence } from '../live/session-presence.ts';
import type { Recorder } from '../session-recorder.ts';
import type { PeerStore } from '../store/peer-store.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { Caller } from './caller.ts';
import type { GrantSigner } from './grant-signer.ts';
import type { PeerRelay } from './peer-relay.ts';

type CloseReason = z.infer<typeof PeerCloseReason>;

/** More open peers than this of one participant are a fault; the oldest make room. */
const MAX_PEERS_PER_PARTICIPANT = 8;

const LOGIN_END_REASONS: Record<LoginEndReason, CloseReason> = {
  'signed-out': 'signed-out',
  expired: 'signed-out',
  disabled: 'user-disabled',
  'role-changed': 'role-changed',
};

export interface PeerBrokerDeps {
  readonly clock: Clock;
  readonly sessions: SessionStore;
  readonly peers: PeerStore;
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
}

/**
 * Opens and cuts the peer connections between technicians' browsers and agents, and signs what each may do.
 * A peer belongs to a participant and to a login; it lives as long as both may.
 */
export class PeerBroker {
  readonly #deps: PeerBrokerDeps;
  /** What each peer's newest grant says, so that a change of state sends no grant that says the same. */
  readonly #granted = new Map<string, string>();

  constructor(deps: PeerBrokerDeps) {
    this.#deps = deps;
  }

  /**
   * Has the agent offer a connection to the caller's page. The caller's permission was asked before.
   * Throws `not-allowed` while consent is missing and `endpoint-offline` without an agent.
   */
  async request(
    caller: Caller,
    row: SessionRow,
    replaces: string | undefined,
  ): Promise<{ peerId: string; transport: PeerTransport }> {
    const participant = row.state.participants.find((one) => one.userId === caller.login.userId);
    if (!participant || capabilitiesOf(row.state, participant.id).length === 0) throw consentMissing();
    if (row.state.endpoint.kind !== 'agent' || !this.#deps.presence.agentOf(row.id)) throw offline();
    const old = await this.#replaced(caller, row.id, participant.id, replaces);
    const peer: PeerRow = {
      id: newId(),
      sessionId: row.id,
      participantId: participant.id,
      userId: caller.login.userId,
      loginId: caller.login.loginId,
      createdAt: this.#deps.clock.now(),
      closedAt: null,
    };
    await this.#deps.peers.open(peer);
    // What ended between the checks above and the stored row did not find the peer: look again.
    const granted = caller.hasEnded() ? undefined : await this.#grant(peer);
    const agentId = this.#deps.presence.agentOf(row.id);
    if (!granted || !agentId || caller.hasEnded()) {
      await this.#deps.peers.close([peer.id], this.#deps.clock.now());
      throw caller.hasEnded() ? GuruError.unauthenticated() : granted ? offline() : consentMissing();
    }
    const transport: PeerTransport = { kind: 'webrtc', iceServers: this.#deps.iceServers(peer.id) };
    this.#deps.relay.remember(peer, peer.id, caller.connectionId);
    this.#deps.agents.tell(agentId, 'peer:open', {
      peerId: peer.id,
      participantId: participant.id,
      participantName: participant.name,
      grant: granted,
      transport,
      ...(old ? { replaces: old.id } : {}),
    });
    this.#deps.background.run('closing surplus peers', () => this.#limit(peer));
    this.#recordSoon('peer.opened', peer, { capabilities: this.#granted.get(peer.id) ?? '' });
    return { peerId: peer.id, transport };
  }

  /** After a change of the session: cuts peers that lost their right, sends new grants to those that changed. */
  async reconcile(row: SessionRow): Promise<void> {
    const agentId = this.#deps.presence.agentOf(row.id);
    const isOtherAgent =
      row.state.endpoint.kind === 'agent' && agentId !== undefined && row.state.endpoint.agentId !== agentId;
    const lost: [PeerRow, CloseReason][] = [];
    for (const peer of await this.#deps.peers.openOfSession(row.id)) {
      const capabilities = capabilitiesOf(row.state, peer.participantId);
      if (isOtherAgent) lost.push([peer, 'replaced']);
      else if (capabilities.length === 0) lost.push([peer, lossReason(row.state, peer.participantId)]);
      else if (agentId && this.#granted.get(peer.id) !== told(capabilities)) await this.#renew(peer, agentId);
    }
    for (const [peer, reason] of lost) await this.cut([peer], reason);
  }

  /** Cuts peers at the agent at once, tells the browsers, then notes it. */
  async cut(peers: readonly PeerRow[], reason: CloseReason): Promise<void> {
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
    if (state !== 'connected') return this.#close([peer], state);
    this.#deps.presence.viewerConnected(sessionId, peer.participantId, peerId);
    this.#deps.fanout.sessionChanged(sessionId);
    this.#recordSoon('peer.connected', peer, {});
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
      const grant = isLive ? await this.#grant(peer) : undefined;
      if (grant) {
        grants.push({ peerId: peer.id, grant });
        this.#deps.presence.viewerConnected(sessionId, peer.participantId, peer.id);
      } else if (isHeld) {
        await this.cut([peer], isLive ? 'consent-withdrawn' : 'signed-out');
      } else {
        await this.#close([peer], 'agent-restarted');
      }
    }
    return grants;
  }

  /** Renews the grants of all live peers, and cuts those whose login is gone. Run every GRANT_RENEWAL_MS. */
  async renewAll(): Promise<void> {
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
    const grant = await this.#grant(peer);
    if (grant) this.#deps.agents.tell(agentId, 'peer:grant', { peerId: peer.id, grant });
  }

  /** Signs what the peer may do as the session stands at this moment; undefined when it may do nothing. */
  async #grant(peer: PeerRow): Promise<SignedGrant | undefined> {
    const row = await this.#deps.sessions.nextGrant(peer.sessionId);
    const capabilities = row ? capabilitiesOf(row.state, peer.participantId) : [];
    if (!row || capabilities.length === 0) return undefined;
    this.#granted.set(peer.id, told(capabilities));
    const issuedAt = this.#deps.clock.now();
    return this.#deps.signer.sign({
      v: 1,
      sessionId: peer.sessionId,
      participantId: peer.participantId,
      peerId: peer.id,
      capabilities,
      issuedAt,
      expiresAt: issuedAt + GRANT_LIFETIME_MS,
      sequence: row.grantSequence,
    });
  }

  /** The peer that a new one takes the place of; one that is gone already needs none. */
  async #replaced(
    caller: Caller,
    sessionId: string,
    participantId: string,
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
      this.#granted.delete(peer.id);
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

/** Why a participant has no capability left. */
function lossReason(state: SessionState, participantId: string): CloseReason {
  if (state.lifecycle.phase !== 'open') return 'session-ended';
  const participant = state.participants.find((one) => one.id === participantId);
  if (!participant) return 'left';
  return participant.grant.status === 'paused' ? 'paused' : 'consent-withdrawn';
}

function told(capabilities: readonly Capability[]): string {
  return capabilities.join('+');
}

function consentMissing(): GuruError {
  return new GuruError('not-allowed', 'The person at the machine has not agreed (yet).');
}

function offline(): GuruError {
  return new GuruError('endpoint-offline', 'The machine is not connected.');
}

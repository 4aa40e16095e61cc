import { GuruError, type IceServer, type PeerPath, type PeerTransport } from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import type { Logins, RelayOffers } from '../../core/ports.ts';
import { newId } from '../../core/secrets.ts';
import type { PeerRow, SessionRow } from '../../db/schema/sessions.ts';
import type { Background } from '../live/background.ts';
import type { AgentMessenger } from '../live/messengers.ts';
import type { SessionPresence } from '../live/session-presence.ts';
import type { Recorder } from '../session-recorder.ts';
import type { PeerStore } from '../store/peer-store.ts';
import type { Caller } from './caller.ts';
import type { OpenPeers } from './open-peers.ts';
import type { PeerRelay } from './peer-relay.ts';
import { standingOf } from './peer-standing.ts';
import type { Reservations } from './reservations.ts';
import { viewerKeyOf } from './viewer-key.ts';
import { MAX_HELD_PER_LOGIN } from './warm-peers.ts';

/** More open peers than this of one participant are a fault; the oldest make room. */
const MAX_PEERS_PER_PARTICIPANT = 8;

export interface PeerOpenerDeps {
  readonly clock: Clock;
  readonly peers: PeerStore;
  readonly reservations: Reservations;
  readonly presence: SessionPresence;
  readonly agents: AgentMessenger;
  readonly logins: Pick<Logins, 'tieToBrowser'>;
  readonly record: Recorder;
  readonly background: Background;
  readonly iceServers: (peerId: string) => IceServer[];
  readonly relay: Pick<PeerRelay, 'remember'>;
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

/** Opens peers: has agents offer connections to pages that wish for them. */
export class PeerOpener {
  readonly #deps: PeerOpenerDeps;
  readonly #open: OpenPeers;

  constructor(deps: PeerOpenerDeps, open: OpenPeers) {
    this.#deps = deps;
    this.#open = open;
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
    if (peer.warm && !old && this.#open.warmOf(loginId) >= MAX_HELD_PER_LOGIN) throw tooManyWarm();
    const transport = this.#transport(caller, peer.id, wish.path);
    await this.#deps.peers.open(peer);
    // What ended between the checks above and the stored row did not find the peer: look again.
    const granted = caller.hasEnded() ? undefined : await this.#open.grant(peer);
    const agentId = this.#deps.presence.agentOf(row.id);
    if (!granted || !agentId || caller.hasEnded()) {
      await this.#open.close([peer], 'refused');
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
    const capabilities = this.#open.capabilityText(peer.id);
    this.#open.record('peer.opened', peer, { capabilities, warm: isWarm, path: transport.kind });
    return { peerId: peer.id, transport };
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
    await this.#open.cut(own.slice(0, Math.max(0, own.length - MAX_PEERS_PER_PARTICIPANT)), 'replaced');
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

import { type Candidate, GuruError } from '@guruconnect/shared';
import type { PeerRow } from '../../db/schema/sessions.ts';
import type { AgentMessenger, ConsoleMessenger } from '../live/messengers.ts';
import type { SessionPresence } from '../live/session-presence.ts';
import type { PeerStore } from '../store/peer-store.ts';
import type { Caller } from './caller.ts';

/** A negotiation is a few dozen messages within seconds; more than this many at once are looked up anew. */
const MAX_REMEMBERED = 2_000;

interface Ends {
  readonly sessionId: string;
  readonly loginId: string;
  /** The page that asked; unknown after a restart of the server: then all pages of the login. */
  connectionId: string | undefined;
}

/**
 * Passes offers, answers and candidates between the two ends of a peer, and only between them; nothing of what
 * passes is kept. What comes late, for a peer that is closed, is dropped.
 */
export class PeerRelay {
  readonly #peers: PeerStore;
  readonly #presence: SessionPresence;
  readonly #agents: AgentMessenger;
  readonly #consoles: ConsoleMessenger;
  /** Oldest first. */
  readonly #ends = new Map<string, Ends>();

  constructor(deps: {
    peers: PeerStore;
    presence: SessionPresence;
    agents: AgentMessenger;
    consoles: ConsoleMessenger;
  }) {
    this.#peers = deps.peers;
    this.#presence = deps.presence;
    this.#agents = deps.agents;
    this.#consoles = deps.consoles;
  }

  async offerFromAgent(sessionId: string, message: { peerId: string; sdp: string }): Promise<void> {
    const ends = await this.#endsForAgent(sessionId, message.peerId);
    if (ends) this.#toConsole(ends, 'peer:offer', message);
  }

  async candidateFromAgent(
    sessionId: string,
    message: { peerId: string; candidate: Candidate },
  ): Promise<void> {
    const ends = await this.#endsForAgent(sessionId, message.peerId);
    if (ends) this.#toConsole(ends, 'peer:candidate', message);
  }

  /** The machine's network changed: the page had better make a new peer. */
  async renewFromAgent(sessionId: string, peerId: string): Promise<void> {
    const ends = await this.#endsForAgent(sessionId, peerId);
    if (ends) this.#toConsole(ends, 'peer:renew', { peerId });
  }

  async answerFromConsole(caller: Caller, message: { peerId: string; sdp: string }): Promise<void> {
    const agentId = await this.#agentFor(caller, message.peerId);
    if (agentId) this.#agents.tell(agentId, 'peer:answer', message);
  }

  async candidateFromConsole(
    caller: Caller,
    message: { peerId: string; candidate: Candidate },
  ): Promise<void> {
    const agentId = await this.#agentFor(caller, message.peerId);
    if (agentId) this.#agents.tell(agentId, 'peer:candidate', message);
  }

  /** Remembers which page a new peer is for. */
  remember(
    peer: Pick<PeerRow, 'sessionId' | 'loginId'>,
    peerId: string,
    connectionId: string | undefined,
  ): Ends {
    const ends: Ends = { sessionId: peer.sessionId, loginId: peer.loginId, connectionId };
    this.#ends.set(peerId, ends);
    for (const oldest of this.#ends.keys()) {
      if (this.#ends.size <= MAX_REMEMBERED) break;
      this.#ends.delete(oldest);
    }
    return ends;
  }

  forget(peerId: string): void {
    this.#ends.delete(peerId);
  }

  #toConsole(
    ends: Ends,
    ...[name, message]:
      | ['peer:offer', { peerId: string; sdp: string }]
      | ['peer:candidate', { peerId: string; candidate: Candidate }]
      | ['peer:renew', { peerId: string }]
  ): void {
    if (ends.connectionId === undefined) this.#consoles.tellLogin(ends.loginId, name, message);
    else this.#consoles.tellConnection(ends.connectionId, name, message);
  }

  async #endsForAgent(sessionId: string, peerId: string): Promise<Ends | undefined> {
    const ends = await this.#endsOf(peerId);
    if (ends && ends.sessionId !== sessionId) throw GuruError.notAllowed('speak for that connection');
    return ends;
  }

  async #agentFor(caller: Caller, peerId: string): Promise<string | undefined> {
    const ends = await this.#endsOf(peerId);
    if (!ends) return undefined;
    if (ends.loginId !== caller.login.loginId) throw GuruError.notAllowed('speak for that connection');
    // After a reconnect of the page its new connection is the one to talk to.
    ends.connectionId = caller.connectionId;
    return this.#presence.agentOf(ends.sessionId);
  }

  async #endsOf(peerId: string): Promise<Ends | undefined> {
    const known = this.#ends.get(peerId);
    if (known) return known;
    const peer = await this.#peers.findOpen(peerId);
    return peer ? this.remember(peer, peerId, undefined) : undefined;
  }
}

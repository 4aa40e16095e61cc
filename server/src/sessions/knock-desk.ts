import { GuruError, type SessionEvent } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { Login } from '../core/ports.ts';
import { hashToken } from '../core/secrets.ts';
import type { KnockRow, SessionRow } from '../db/schema/sessions.ts';
import type { AgentEntry } from './code-entry.ts';
import { knockTokenExpiry } from './gate/knock-token.ts';
import type { Background } from './live/background.ts';
import type { Fanout } from './live/fanout.ts';
import type { AgentMessenger, GuestMessenger } from './live/messengers.ts';
import type { SessionChanges } from './session-changes.ts';
import type { Recorder } from './session-recorder.ts';
import type { KnockStore } from './store/knock-store.ts';
import type { TokenStore } from './store/token-store.ts';

/** An admitted knock turns into a token within this time. */
const PICK_UP_MS = 10 * 60_000;
/** A replaced agent gets so long to stop. */
const REPLACED_AGENT_MS = 2_000;

/** What somebody who waits learns. */
export type KnockAnswer =
  | { status: 'waiting'; until: number }
  | { status: 'refused' }
  | { status: 'admitted' };

export interface KnockDeskDeps {
  readonly clock: Clock;
  readonly knocks: KnockStore;
  readonly tokens: TokenStore;
  readonly changes: SessionChanges;
  readonly agents: AgentMessenger;
  readonly guests: GuestMessenger;
  readonly fanout: Fanout;
  readonly record: Recorder;
  readonly background: Background;
}

/** Where those who wait stand, and where technicians answer them. */
export class KnockDesk {
  readonly #deps: KnockDeskDeps;

  constructor(deps: KnockDeskDeps) {
    this.#deps = deps;
  }

  /** Admits or refuses. Throws `not-found` for a knock of another session and `conflict` for one that is over. */
  async answer(
    row: SessionRow,
    knockId: string,
    admit: boolean,
    login: Login,
    address: string,
  ): Promise<void> {
    const { clock, knocks, guests, fanout, record } = this.#deps;
    if (!(await knocks.find(row.id, knockId))) throw GuruError.notFound('That knock');
    const knock = await knocks.answer(knockId, admit, clock.now());
    if (!knock) throw GuruError.conflict('Nobody waits there any more.');
    const actor = `user:${login.userId}`;
    if (!admit) {
      guests.tellKnocker(knock.tokenHash, 'knock:refused', {});
      fanout.sessionChanged(row.id);
      const details = { kind: knock.kind, address: knock.address };
      await record({ actor, action: 'knock.refused', sessionId: row.id, address, details });
      return;
    }
    try {
      if (knock.kind === 'guest') await this.#admitGuest(knock, actor);
      else await this.#admitAgent(row, knock, actor);
    } catch (error) {
      await knocks.takeBack(knock.id, clock.now());
      guests.tellKnocker(knock.tokenHash, 'knock:refused', {});
      throw error;
    }
  }

  /** What a guest who waits with this token learns; unknown tokens wait like unanswered ones. */
  async guestAnswer(token: string): Promise<KnockAnswer> {
    return this.#answerOf(token, await this.#deps.knocks.findByToken(token), 'guest');
  }

  /** Turns an admitted guest's knock into a guest token. */
  async guestTokenFor(knockToken: string): Promise<string | undefined> {
    const knock = await this.#deps.knocks.findByToken(knockToken);
    if (!knock || this.#answerOf(knockToken, knock, 'guest').status !== 'admitted') return undefined;
    return this.#deps.tokens.issue({ kind: 'guest', sessionId: knock.sessionId }, this.#deps.clock.now());
  }

  /** An agent asks whether it was let in. Throws `code-not-valid` when it was not, or its time is over. */
  async poll(knockToken: string): Promise<AgentEntry> {
    const knock = await this.#deps.knocks.findByToken(knockToken);
    const answer = this.#answerOf(knockToken, knock, 'agent');
    if (answer.status === 'waiting') return { status: 'waiting', knockToken };
    if (answer.status === 'refused' || !knock) throw GuruError.codeNotValid();
    const holder = { kind: 'agent', sessionId: knock.sessionId, agentId: knock.id } as const;
    const sessionToken = await this.#deps.tokens.issue(holder, this.#deps.clock.now());
    return { status: 'joined', sessionId: knock.sessionId, sessionToken };
  }

  /** Refuses those whose time is over. Run every few seconds. */
  async expire(): Promise<void> {
    for (const knock of await this.#deps.knocks.expire(this.#deps.clock.now())) {
      this.#deps.guests.tellKnocker(knock.tokenHash, 'knock:refused', {});
      this.#deps.fanout.sessionChanged(knock.sessionId);
    }
  }

  /** The room of whoever waits with this token. */
  roomKey(knockToken: string): string {
    return hashToken(knockToken);
  }

  #answerOf(token: string, knock: KnockRow | undefined, kind: KnockRow['kind']): KnockAnswer {
    const now = this.#deps.clock.now();
    const isKnown = knock?.kind === kind;
    const until = isKnown ? knock.expiresAt : knockTokenExpiry(token, now);
    if (isKnown && knock.status === 'refused') return { status: 'refused' };
    if (isKnown && knock.status === 'admitted') {
      const isFresh = (knock.answeredAt ?? 0) + PICK_UP_MS > now;
      return isFresh ? { status: 'admitted' } : { status: 'refused' };
    }
    return until > now ? { status: 'waiting', until } : { status: 'refused' };
  }

  async #admitGuest(knock: KnockRow, actor: string): Promise<void> {
    const { changes, clock, tokens, guests } = this.#deps;
    const event: SessionEvent = { type: 'guest-joined', at: clock.now() };
    const details = { kind: 'guest', address: knock.address };
    await changes.applyEvent(knock.sessionId, event, { actor, action: 'knock.admitted', details });
    const guestToken = await tokens.issue({ kind: 'guest', sessionId: knock.sessionId }, clock.now());
    guests.tellKnocker(knock.tokenHash, 'knock:admitted', { guestToken });
  }

  /** The knock's id becomes the agent's. The agent that held the slot loses token, peers and connection. */
  async #admitAgent(row: SessionRow, knock: KnockRow, actor: string): Promise<void> {
    const { changes, clock, tokens, agents, background } = this.#deps;
    const event: SessionEvent = { type: 'agent-replaced', agentId: knock.id, at: clock.now() };
    const details = { kind: 'agent', address: knock.address, hostname: knock.machine?.hostname ?? null };
    const before: { agentId?: string } = {};
    await changes.applyEvent(
      row.id,
      event,
      { actor, action: 'knock.admitted', details },
      {
        set: { machine: knock.machine, endpointAddress: knock.address },
        guard: ({ state }) => {
          if ('agentId' in state.endpoint) before.agentId = state.endpoint.agentId;
        },
      },
    );
    await tokens.revokeOtherAgents(row.id, knock.id, clock.now());
    const replaced = before.agentId;
    if (replaced === undefined) return;
    background.run('ending a replaced agent', async () => {
      await agents.end(replaced, 'agent-stopped', REPLACED_AGENT_MS);
      agents.disconnect(replaced);
    });
  }
}

import { type EndReason, GuruError, type SessionEvent } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { SessionRow } from '../db/schema/sessions.ts';
import type { AgentMessenger, GuestMessenger } from './live/messengers.ts';
import type { SessionPresence } from './live/session-presence.ts';
import type { Note, SessionChanges } from './session-changes.ts';
import type { KnockStore } from './store/knock-store.ts';

/** An agent that does not say within this time that capture has stopped is not waited for. */
const END_TIMEOUT_MS = 2_000;
/** An agent that was told to end has left by itself before this. */
const LEAVE_MS = 3_000;

/** Who ends a session, and why. */
export interface Ending {
  readonly reason: EndReason;
  readonly actor: string;
  readonly address?: string;
  /** The agent says so itself: capture has stopped already. */
  readonly byAgent?: boolean;
}

export interface SessionEnderDeps {
  readonly clock: Clock;
  readonly changes: SessionChanges;
  readonly knocks: KnockStore;
  readonly presence: SessionPresence;
  readonly agents: AgentMessenger;
  readonly guests: GuestMessenger;
}

/** Ends sessions, always in this order: capture stops at the machine, the state, everybody is told. */
export class SessionEnder {
  readonly #deps: SessionEnderDeps;
  readonly #ending = new Map<string, Promise<SessionRow>>();

  constructor(deps: SessionEnderDeps) {
    this.#deps = deps;
  }

  /** Ends a session; two who end it at once both get the ended row. Throws `illegal-transition` afterwards. */
  end(sessionId: string, ending: Ending): Promise<SessionRow> {
    const running = this.#ending.get(sessionId);
    if (running) return running;
    const ended = this.#end(sessionId, ending).finally(() => this.#ending.delete(sessionId));
    this.#ending.set(sessionId, ended);
    return ended;
  }

  /** Cancels a code that nobody used. Throws `illegal-transition` when somebody joined. */
  cancel(sessionId: string, actor: string, address: string): Promise<SessionRow> {
    const note = { actor, address, action: 'session.cancelled' };
    return this.#deps.changes.applyEvent(sessionId, this.#event('cancelled'), note, {
      guard: (row) => {
        if (row.phase === 'open') {
          throw GuruError.illegalTransition('Somebody joined already: end the session instead.');
        }
      },
    });
  }

  async #end(sessionId: string, { reason, actor, address, byAgent }: Ending): Promise<SessionRow> {
    const { changes, knocks, presence, agents, guests, clock } = this.#deps;
    const agentId = presence.agentOf(sessionId);
    const captureStoppedAfterMs =
      agentId && !byAgent ? await agents.end(agentId, reason, END_TIMEOUT_MS) : undefined;
    const waiting = (await knocks.waitingAt([sessionId], clock.now())).get(sessionId) ?? [];
    const details: Record<string, unknown> = { reason };
    if (agentId && !byAgent) details.captureStoppedAfterMs = captureStoppedAfterMs ?? null;
    const note: Note = { actor, action: 'session.ended', details, ...(address ? { address } : {}) };
    const row = await changes.applyEvent(sessionId, this.#event(reason), note, {
      guard: ({ state, machine }) => {
        const { lifecycle } = state;
        details.openMs = lifecycle.phase === 'open' ? clock.now() - lifecycle.openedAt : null;
        details.machine = machine?.hostname ?? null;
      },
    });
    for (const knock of waiting) guests.tellKnocker(knock.tokenHash, 'knock:refused', {});
    if (agentId) clock.after(LEAVE_MS, () => agents.disconnect(agentId));
    return row;
  }

  #event(reason: EndReason): SessionEvent {
    return { type: 'ended', reason, at: this.#deps.clock.now() };
  }
}

import { AGENT_LOST_MS, GuruError } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { SessionRow } from '../db/schema/sessions.ts';
import type { SessionPresence } from './live/session-presence.ts';
import type { SessionChanges } from './session-changes.ts';

/** An agent that holds the slot and is not connected counts as lost after so long. */
const ABSENT_MS = AGENT_LOST_MS * 2;

/** Notes agents whose link was lost; they come back by token. */
export class LostAgents {
  readonly #clock: Clock;
  readonly #changes: SessionChanges;
  readonly #presence: SessionPresence;
  readonly #startedAt: number;

  constructor(deps: { clock: Clock; changes: SessionChanges; presence: SessionPresence }) {
    this.#clock = deps.clock;
    this.#changes = deps.changes;
    this.#presence = deps.presence;
    this.#startedAt = deps.clock.now();
  }

  /** The agent of a session went away. Nothing happens if it is no longer the one, or has come back. */
  async lose(sessionId: string, agentId: string): Promise<void> {
    try {
      await this.#changes.applyEvent(
        sessionId,
        { type: 'agent-lost', agentId, at: this.#clock.now() },
        { actor: 'server', action: 'agent.lost', details: { agentId } },
        {
          guard: () => {
            if (this.#presence.agentOf(sessionId) === agentId)
              throw GuruError.illegalTransition('It is back.');
          },
        },
      );
    } catch (error) {
      if (error instanceof GuruError && error.code === 'illegal-transition') return;
      throw error;
    }
  }

  /**
   * The agent that the session counts on and that has not been there for too long: it never came after its
   * exchange, or not again after a restart of this server.
   */
  absentAgentOf(row: SessionRow): string | undefined {
    const { endpoint } = row.state;
    if (endpoint.kind !== 'agent' || this.#presence.agentOf(row.id) !== undefined) return undefined;
    const since = Math.max(endpoint.since, this.#startedAt);
    return this.#clock.now() - since > ABSENT_MS ? endpoint.agentId : undefined;
  }
}

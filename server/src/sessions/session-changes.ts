import { advance, GuruError, type SessionEvent } from '@guruconnect/shared';
import type { AuditEvent } from '../core/ports.ts';
import type { SessionRow } from '../db/schema/sessions.ts';
import type { Fanout } from './live/fanout.ts';
import type { Recorder } from './session-recorder.ts';
import type { SessionPatch, SessionStore } from './store/session-store.ts';

/** Others were faster so often in a row: something is wrong. */
const MAX_TRIES = 25;

/** What the audit log says about a change. */
export type Note = Omit<AuditEvent, 'sessionId'>;

/** What goes with an event. */
export interface Also {
  readonly set?: SessionPatch;
  readonly guard?: (row: SessionRow) => void;
}

/** Reacts to a stored change before anybody is told of it: cuts peers that lost their right. */
export type OnCommitted = (row: SessionRow, before: SessionRow) => Promise<void>;

/** What is nobody's doing at the machine or at a desk: does not count as use of the session. */
const NOT_USE: ReadonlySet<SessionEvent['type']> = new Set(['agent-lost', 'agent-attached']);

/**
 * The one place that changes sessions: reads, decides, stores by compare-and-set, and starts over when somebody
 * was faster. After that come, in this order: peers are cut or get new grants, everybody is told, the audit row.
 */
export class SessionChanges {
  readonly #store: SessionStore;
  readonly #fanout: Fanout;
  readonly #record: Recorder;
  readonly #listeners: OnCommitted[] = [];

  constructor(deps: { store: SessionStore; fanout: Fanout; record: Recorder }) {
    this.#store = deps.store;
    this.#fanout = deps.fanout;
    this.#record = deps.record;
  }

  onCommitted(listener: OnCommitted): void {
    this.#listeners.push(listener);
  }

  /**
   * Moves the session's state by an event. Throws `illegal-transition` when the event is not legal now.
   * An event that changes nothing stores and tells nothing. `also.set` goes into the same row at once;
   * `also.guard` may throw to refuse, seeing the row that will be changed.
   */
  applyEvent(sessionId: string, event: SessionEvent, note: Note, also: Also = {}): Promise<SessionRow> {
    return this.applyDecided(sessionId, note, () => event, also);
  }

  /** Like {@link applyEvent} with an event that depends on the row; `decide` may be called again. */
  applyDecided(
    sessionId: string,
    note: Note,
    decide: (row: SessionRow) => SessionEvent,
    also: Also = {},
  ): Promise<SessionRow> {
    const alsoSet = also.set ?? {};
    return this.change(sessionId, note, (row) => {
      also.guard?.(row);
      const event = decide(row);
      const next = advance(row.state, event);
      if (!next.ok) throw GuruError.illegalTransition(next.reason);
      if (next.state === row.state && Object.keys(alsoSet).length === 0) return undefined;
      const isUse = !NOT_USE.has(event.type) || row.phase === 'waiting';
      return {
        ...alsoSet,
        state: next.state,
        phase: next.state.lifecycle.phase,
        ...(isUse ? { lastActiveAt: Math.max(row.lastActiveAt, event.at) } : {}),
        ...(event.type === 'ended' ? { endedAt: event.at } : {}),
      };
    });
  }

  /**
   * Changes a session. `decide` sees the row as it is now, may be called again, returns what to set (undefined:
   * nothing) or throws to refuse. Throws `not-found` when there is no such session.
   */
  async change(
    sessionId: string,
    note: Note,
    decide: (row: SessionRow) => SessionPatch | undefined,
  ): Promise<SessionRow> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const read = await this.#store.find(sessionId);
      if (!read) throw GuruError.notFound('That session');
      const patch = decide(read);
      if (!patch) return read;
      const ends = patch.phase === 'ended' && read.phase !== 'ended';
      const row = ends
        ? await this.#store.compareAndEnd(read, patch, patch.endedAt ?? read.lastActiveAt)
        : await this.#store.compareAndSet(read, patch);
      if (!row) continue;
      await this.#afterwards(row, read, note);
      return row;
    }
    throw GuruError.conflict('The session changes too fast. Try again.');
  }

  async #afterwards(row: SessionRow, before: SessionRow, note: Note): Promise<void> {
    for (const listener of this.#listeners) await listener(row, before);
    this.#fanout.sessionChanged(row.id);
    await this.#record({ ...note, sessionId: row.id });
  }
}

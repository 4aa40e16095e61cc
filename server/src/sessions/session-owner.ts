import { GuruError, may, type Visibility } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { Login } from '../core/ports.ts';
import type { SessionRow } from '../db/schema/sessions.ts';
import { isUsable } from './code-entry.ts';
import type { UserTryBudget } from './gate/user-try-budget.ts';
import type { SessionAccess } from './session-access.ts';
import type { Note, SessionChanges } from './session-changes.ts';
import type { SessionStore } from './store/session-store.ts';
import type { Strangers } from './strangers.ts';

export interface SessionOwnerDeps {
  readonly clock: Clock;
  readonly sessions: SessionStore;
  readonly changes: SessionChanges;
  readonly access: SessionAccess;
  readonly strangers: Strangers;
  readonly tries: UserTryBudget;
}

/** Who a session belongs to, and what its owner may change of it. */
export class SessionOwner {
  readonly #deps: SessionOwnerDeps;

  constructor(deps: SessionOwnerDeps) {
    this.#deps = deps;
  }

  /** Takes a session that nobody owns; the permission was asked before. Throws `conflict` when somebody was faster. */
  claim(sessionId: string, login: Login, address: string): Promise<SessionRow> {
    return this.#deps.changes.change(sessionId, noteOf(login, 'session.claimed', address), (row) => {
      if (row.phase === 'ended') throw GuruError.illegalTransition('The session has ended.');
      if (row.ownerId !== null) throw GuruError.conflict('Somebody else took this session.');
      return { ownerId: login.userId, lastActiveAt: Math.max(row.lastActiveAt, this.#deps.clock.now()) };
    });
  }

  /**
   * Takes the session of a code that an end user reads out: knowing it is what entitles. Throws `code-not-valid` for
   * every code that does not lead to one to be had, and `too-many-requests` after too many of those.
   */
  async claimByCode(code: string, login: Login, address: string): Promise<SessionRow> {
    const takeBack = this.#deps.tries.take(login.userId);
    const row = await this.#deps.sessions.findByActiveCode(code);
    if (!row || !isUsable(row, this.#deps.clock.now())) throw GuruError.codeNotValid();
    if (row.ownerId === login.userId) {
      takeBack();
      return row;
    }
    const isForWhoeverTypes = row.ownerId === null && row.claimBy === 'code';
    if (!isForWhoeverTypes && !may(login.actor, 'session:claim', await this.#deps.access.targetOf(row))) {
      throw GuruError.codeNotValid();
    }
    const claimed = await this.claim(row.id, login, address);
    takeBack();
    return claimed;
  }

  /** Renames a session or changes who may see it; whoever may not watch any more leaves. */
  async edit(
    sessionId: string,
    login: Login,
    wishes: { name?: string | null | undefined; visibility?: Visibility | undefined },
    address: string,
  ): Promise<SessionRow> {
    const { name, visibility } = wishes;
    const patch = {
      ...(name === undefined ? {} : { name }),
      ...(visibility === undefined ? {} : { visibility }),
    };
    const note = { ...noteOf(login, 'session.changed', address), details: patch };
    const row = await this.#deps.changes.change(sessionId, note, (current) => {
      if (current.phase === 'ended') throw GuruError.illegalTransition('The session has ended.');
      return Object.keys(patch).length === 0 ? undefined : patch;
    });
    return visibility === undefined ? row : this.#deps.strangers.sendAway(row, note.actor);
  }
}

function noteOf(login: Login, action: string, address: string): Note & { actor: string } {
  return { actor: `user:${login.userId}`, action, address };
}

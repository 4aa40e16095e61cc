import { type ActionTargets, type Actor, GuruError, may, type SessionTarget } from '@guruconnect/shared';
import type { People } from '../core/ports.ts';
import type { SessionRow } from '../db/schema/sessions.ts';
import type { MachineScope } from './machines/machine-scope.ts';
import { sessionTarget } from './session-target.ts';
import type { SessionStore } from './store/session-store.ts';

type SessionAction = {
  [A in keyof ActionTargets]: ActionTargets[A] extends SessionTarget ? A : never;
}[keyof ActionTargets];

/** Stands for a session that does not exist: only whoever may see every session learns that. */
const NO_SESSION: SessionTarget = {
  ownerId: 'nobody',
  ownerTeamId: null,
  visibility: 'private',
  claimBy: 'code',
  company: null,
};

const REFUSALS: Record<SessionAction, string> = {
  'session:see': 'see that session',
  'session:view': 'watch that session',
  'session:control': 'control that session',
  'session:claim': 'take that session',
  'session:admit': 'let anybody into that session',
  'session:cancel': 'cancel that session',
  'session:end': 'end that session',
  'session:change': 'change that session',
  'session:transfer': 'hand that session over',
};

/** Asks `may()` about real sessions. */
export class SessionAccess {
  readonly #store: SessionStore;
  readonly #people: People;
  readonly #scope: MachineScope;

  constructor(deps: { store: SessionStore; people: People; scope: MachineScope }) {
    this.#store = deps.store;
    this.#people = deps.people;
    this.#scope = deps.scope;
  }

  /**
   * The session, if the actor may do that with it. Otherwise `not-allowed`, alike for sessions of others and
   * for those that do not exist; `not-found` only for people from whom no session is hidden.
   */
  async demand(actor: Actor, action: SessionAction, sessionId: string): Promise<SessionRow> {
    const row = await this.#store.find(sessionId);
    if (!row && may(actor, 'session:see', NO_SESSION)) throw GuruError.notFound('That session');
    if (!row || !may(actor, action, await this.targetOf(row))) throw GuruError.notAllowed(REFUSALS[action]);
    return row;
  }

  /** Whether a person may watch the session, whoever asks. */
  async mayView(userId: string, row: SessionRow): Promise<boolean> {
    const person = await this.#people.find(userId);
    return person !== undefined && may(person, 'session:view', await this.targetOf(row));
  }

  /** What decides about the session. One that nobody owns yet counts to the team of whoever made it. */
  async targetOf(row: SessionRow): Promise<SessionTarget> {
    const teamOf = row.ownerId ?? row.createdBy;
    const person = teamOf === null ? undefined : await this.#people.find(teamOf);
    return sessionTarget(row, person?.teamId ?? null, await this.#scope.companyOf(row));
  }
}

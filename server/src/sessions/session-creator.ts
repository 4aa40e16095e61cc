import { GuruError, INITIAL_SESSION_STATE, may, type Visibility } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { Login, People, Settings } from '../core/ports.ts';
import { newId } from '../core/secrets.ts';
import type { SessionRow } from '../db/schema/sessions.ts';
import type { Fanout } from './live/fanout.ts';
import type { SessionChanges } from './session-changes.ts';
import type { Recorder } from './session-recorder.ts';
import type { CodeStore, NewSession } from './store/code-store.ts';
import type { TechnicianStore } from './store/technician-store.ts';
import type { TokenStore } from './store/token-store.ts';

const MINUTE_MS = 60_000;
/** A code that the portal issued and that no technician claimed dies after this at the latest. */
const UNCLAIMED_MINUTES = 60;

/** What a technician may choose for a new session; see the route `createSession`. */
export interface SessionWishes {
  readonly name?: string | undefined;
  readonly expiresInMinutes?: number | null | undefined;
  readonly assignTo?: string | null | undefined;
  readonly visibility?: Visibility | undefined;
  readonly consentRequired?: boolean | undefined;
}

export interface SessionCreatorDeps {
  readonly clock: Clock;
  readonly codes: CodeStore;
  readonly tokens: TokenStore;
  readonly changes: SessionChanges;
  readonly people: People;
  readonly technicians: Pick<TechnicianStore, 'visibilityOf'>;
  readonly settings: Settings;
  readonly fanout: Fanout;
  readonly record: Recorder;
}

/** Makes sessions with their codes (S1, P6). */
export class SessionCreator {
  readonly #deps: SessionCreatorDeps;

  constructor(deps: SessionCreatorDeps) {
    this.#deps = deps;
  }

  /** A technician generates a code. The permission to create was asked before; those of the wishes are asked here. */
  async create(login: Login, wishes: SessionWishes, address: string): Promise<SessionRow> {
    const ownerId = await this.#ownerFor(login, wishes.assignTo);
    const consentRequired = wishes.consentRequired ?? true;
    if (!consentRequired && !may(login.actor, 'session:waive-consent', null)) {
      throw GuruError.notAllowed('make a session without consent');
    }
    const minutes =
      wishes.expiresInMinutes === undefined
        ? this.#deps.settings.current().defaultCodeExpiryMinutes
        : wishes.expiresInMinutes;
    const now = this.#deps.clock.now();
    const { row } = await this.#deps.codes.createSession({
      ...this.#blank(now),
      origin: 'technician',
      ownerId,
      createdBy: login.userId,
      claimBy: 'list',
      visibility: wishes.visibility ?? (await this.#usualVisibility(ownerId)),
      name: wishes.name ?? null,
      consentRequired,
      codeExpiresAt: minutes === null ? null : now + minutes * MINUTE_MS,
    });
    this.#deps.fanout.sessionChanged(row.id);
    await this.#deps.record({
      actor: `user:${login.userId}`,
      action: 'session.created',
      sessionId: row.id,
      address,
      details: { ownerId, visibility: row.visibility, consentRequired, expiresInMinutes: minutes },
    });
    return row;
  }

  /** The portal issues a code to an end user, who is the session's guest from the start. */
  async issue(address: string): Promise<{ sessionId: string; guestToken: string; code: string }> {
    const now = this.#deps.clock.now();
    const settings = this.#deps.settings.current();
    const minutes = Math.min(settings.defaultCodeExpiryMinutes ?? UNCLAIMED_MINUTES, UNCLAIMED_MINUTES);
    const { row, code } = await this.#deps.codes.createSession({
      ...this.#blank(now),
      origin: 'portal',
      ownerId: null,
      createdBy: null,
      claimBy: 'code',
      visibility: 'team',
      name: null,
      consentRequired: true,
      codeExpiresAt: now + minutes * MINUTE_MS,
    });
    const note = { actor: 'guest', action: 'code.issued', address };
    await this.#deps.changes.applyEvent(row.id, { type: 'guest-joined', at: now }, note);
    const guestToken = await this.#deps.tokens.issue({ kind: 'guest', sessionId: row.id }, now);
    return { sessionId: row.id, guestToken, code };
  }

  async #ownerFor(login: Login, assignTo: string | null | undefined): Promise<string | null> {
    if (assignTo === undefined || assignTo === login.userId) return login.userId;
    if (!may(login.actor, 'session:assign', null)) throw GuruError.notAllowed('assign sessions');
    if (assignTo === null) return null;
    const person = await this.#deps.people.find(assignTo);
    if (!person || person.disabled) throw GuruError.notFound('That technician');
    return person.userId;
  }

  async #usualVisibility(ownerId: string | null): Promise<Visibility> {
    // What anybody may take has to be seen by everybody.
    return ownerId === null ? 'company' : this.#deps.technicians.visibilityOf(ownerId);
  }

  #blank(
    now: number,
  ): Omit<
    NewSession,
    | 'origin'
    | 'ownerId'
    | 'createdBy'
    | 'claimBy'
    | 'visibility'
    | 'name'
    | 'consentRequired'
    | 'codeExpiresAt'
  > {
    return {
      id: newId(),
      state: INITIAL_SESSION_STATE,
      version: 1,
      phase: 'waiting',
      machine: null,
      endpointAddress: null,
      createdAt: now,
      lastActiveAt: now,
      endedAt: null,
      machineId: null,
      consentPolicy: null,
    };
  }
}

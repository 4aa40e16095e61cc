import { type Capability, GuruError, type SessionEvent } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { Login } from '../core/ports.ts';
import type { SessionRow } from '../db/schema/sessions.ts';
import { participantIn } from './participant-in.ts';
import type { Reservations } from './peers/reservations.ts';
import type { Note, SessionChanges } from './session-changes.ts';

/** What a participant does to their own part. */
type OwnEvent =
  | 'participant-left'
  | 'participant-paused'
  | 'participant-resumed'
  | 'control-taken'
  | 'control-released';

/** Technicians who take part in sessions. The permission to was asked before. */
export class Participation {
  readonly #clock: Clock;
  readonly #changes: SessionChanges;
  readonly #reservations: Reservations;

  constructor(deps: { clock: Clock; changes: SessionChanges; reservations: Reservations }) {
    this.#clock = deps.clock;
    this.#changes = deps.changes;
    this.#reservations = deps.reservations;
  }

  /** Joins; consent is asked where the session wants it. Throws `illegal-transition` while nobody is there. */
  async join(
    before: SessionRow,
    login: Login,
    wants: Capability,
    address: string,
  ): Promise<{ row: SessionRow; participantId: string }> {
    const id = await this.#reservations.participantIdOf(before, login.userId);
    const participant = { id, userId: login.userId, name: login.name };
    const note = noteOf(login, 'participant.joined', address, { wants });
    const row = await this.#changes.applyDecided(before.id, note, ({ consentRequired }) => ({
      type: 'participant-joined',
      participant,
      wants,
      consent: consentRequired ? 'ask' : 'waived',
      at: this.#clock.now(),
    }));
    const joined = participantIn(row, login.userId);
    if (!joined) throw GuruError.conflict('The session changed meanwhile. Try again.');
    return { row, participantId: joined };
  }

  leave(sessionId: string, login: Login, address: string): Promise<SessionRow> {
    return this.#apply(sessionId, login, 'participant-left', noteOf(login, 'participant.left', address));
  }

  takeControl(sessionId: string, login: Login, address: string): Promise<SessionRow> {
    return this.#apply(sessionId, login, 'control-taken', noteOf(login, 'control.taken', address));
  }

  releaseControl(sessionId: string, login: Login, address: string): Promise<SessionRow> {
    return this.#apply(sessionId, login, 'control-released', noteOf(login, 'control.released', address));
  }

  /** Nothing is shown to them and nothing let through until they resume; what was allowed stays allowed. */
  pause(sessionId: string, login: Login, address: string): Promise<SessionRow> {
    return this.#apply(sessionId, login, 'participant-paused', noteOf(login, 'participant.paused', address));
  }

  resume(sessionId: string, login: Login, address: string): Promise<SessionRow> {
    return this.#apply(
      sessionId,
      login,
      'participant-resumed',
      noteOf(login, 'participant.resumed', address),
    );
  }

  #apply(sessionId: string, login: Login, type: OwnEvent, note: Note): Promise<SessionRow> {
    return this.#changes.applyDecided(sessionId, note, (row): SessionEvent => {
      const participantId = participantIn(row, login.userId);
      if (!participantId) throw GuruError.notAllowed('do that without having joined');
      return { type, participantId, at: this.#clock.now() };
    });
  }
}

function noteOf(login: Login, action: string, address: string, details?: Record<string, unknown>): Note {
  return { actor: `user:${login.userId}`, action, address, ...(details ? { details } : {}) };
}

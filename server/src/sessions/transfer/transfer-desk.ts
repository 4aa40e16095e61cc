import { GuruError, may, type SessionEvent } from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import type { Login, People, Person } from '../../core/ports.ts';
import type { SessionRow } from '../../db/schema/sessions.ts';
import type { OnlinePeople } from '../live/online-people.ts';
import type { Reservations } from '../peers/reservations.ts';
import type { SessionAccess } from '../session-access.ts';
import type { Note, SessionChanges } from '../session-changes.ts';
import type { TechnicianStore } from '../store/technician-store.ts';
import type { Strangers } from '../strangers.ts';

export interface TransferDeskDeps {
  readonly clock: Clock;
  readonly changes: SessionChanges;
  readonly access: SessionAccess;
  readonly people: People;
  readonly technicians: TechnicianStore;
  readonly reservations: Reservations;
  readonly strangers: Strangers;
  readonly online: OnlinePeople;
}

export interface TransferChoice {
  readonly userId: string;
  readonly name: string;
  readonly online: boolean;
}

/** Sessions that pass from one technician to another while the picture goes on (S4). */
export class TransferDesk {
  readonly #deps: TransferDeskDeps;

  constructor(deps: TransferDeskDeps) {
    this.#deps = deps;
  }

  /** Technicians who could take the session over, those with an open page first. */
  async choices(row: SessionRow, except: string): Promise<TransferChoice[]> {
    const { technicians, online } = this.#deps;
    const fit: TransferChoice[] = [];
    for (const person of await technicians.listActive()) {
      if (person.userId === except || person.userId === row.ownerId) continue;
      if (!(await this.#couldTake(person, row))) continue;
      fit.push({ userId: person.userId, name: person.name, online: online.isOnline(person.userId) });
    }
    return fit.sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));
  }

  /**
   * Offers the session; the permission was asked before. Throws `not-found` for somebody who could not take it, and
   * `illegal-transition` while another offer stands.
   */
  async offer(
    row: SessionRow,
    wish: { to: string; note?: string | undefined },
    login: Login,
    address: string,
  ): Promise<SessionRow> {
    const person = await this.#deps.people.find(wish.to);
    if (!person || !(await this.#couldTake(person, row))) throw GuruError.notFound('That technician');
    const note = wish.note?.trim() ?? '';
    const event: SessionEvent = {
      type: 'transfer-offered',
      fromUserId: login.userId,
      toUserId: wish.to,
      note,
      at: this.#deps.clock.now(),
    };
    const audit = noteOf(login, 'transfer.offered', address, { to: wish.to, note });
    return this.#deps.changes.applyEvent(row.id, event, audit, {
      guard: ({ ownerId }) => {
        if (ownerId === wish.to) throw GuruError.illegalTransition('It is theirs already.');
      },
    });
  }

  /**
   * The one it is offered to takes it over: in one step it is theirs, with the part and the control of the one before.
   * Nobody's connection is cut. Throws `illegal-transition` when it is not offered to them (any more).
   */
  async accept(before: SessionRow, login: Login, address: string): Promise<SessionRow> {
    const { changes, reservations, clock, people, strangers } = this.#deps;
    const person = await people.find(login.userId);
    if (!person || !(await this.#couldTake(person, before)))
      throw GuruError.notAllowed('take that session over');
    const id = await reservations.participantIdOf(before, login.userId);
    const participant = { id, userId: login.userId, name: login.name };
    const details: Record<string, unknown> = { to: login.userId };
    const row = await changes.applyDecided(
      before.id,
      noteOf(login, 'transfer.accepted', address, details),
      ({ ownerId, state }) => {
        details.from = ownerId;
        details.offeredBy = state.transfer?.fromUserId ?? null;
        return { type: 'transfer-accepted', ownerUserId: ownerId, participant, at: clock.now() };
      },
      { set: { ownerId: login.userId } },
    );
    // With another owner it may count to another team.
    return strangers.sendAway(row, 'server');
  }

  decline(row: SessionRow, login: Login, address: string): Promise<SessionRow> {
    return this.#settle(row, login.userId, noteOf(login, 'transfer.declined', address));
  }

  /** Takes an offer back: by whoever made it, or by who may make one. */
  async withdraw(row: SessionRow, login: Login, address: string): Promise<SessionRow> {
    const { transfer } = row.state;
    const isOwn = transfer?.fromUserId === login.userId;
    if (!isOwn && !may(login.actor, 'session:transfer', await this.#deps.access.targetOf(row))) {
      throw GuruError.notAllowed('take that offer back');
    }
    if (!transfer) throw GuruError.illegalTransition('There is no such offer (any more).');
    const note = noteOf(login, 'transfer.withdrawn', address, { to: transfer.toUserId });
    return this.#settle(row, transfer.toUserId, note);
  }

  /** Takes back an offer to somebody who cannot take it any more: disabled, or out of scope. */
  async dropIfStale(row: SessionRow): Promise<void> {
    const { transfer } = row.state;
    if (!transfer) return;
    const person = await this.#deps.people.find(transfer.toUserId);
    if (person && (await this.#couldTake(person, row))) return;
    const note = { actor: 'server', action: 'transfer.dropped', details: { to: transfer.toUserId } };
    await this.#settle(row, transfer.toUserId, note).catch((error: unknown) => {
      // It was answered meanwhile.
      if (!(error instanceof GuruError)) throw error;
    });
  }

  #settle(row: SessionRow, toUserId: string, note: Note): Promise<SessionRow> {
    const event: SessionEvent = { type: 'transfer-settled', toUserId, at: this.#deps.clock.now() };
    return this.#deps.changes.applyEvent(row.id, event, note);
  }

  /** Whether the session could be controlled by them once it is theirs. */
  async #couldTake(person: Person, row: SessionRow): Promise<boolean> {
    if (person.disabled) return false;
    const target = await this.#deps.access.targetOf(row);
    return may(person, 'session:control', { ...target, ownerId: person.userId, ownerTeamId: person.teamId });
  }
}

function noteOf(login: Login, action: string, address: string, details?: Record<string, unknown>): Note {
  return { actor: `user:${login.userId}`, action, address, ...(details ? { details } : {}) };
}

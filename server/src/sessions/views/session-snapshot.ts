import type { SessionTarget } from '@guruconnect/shared';
import type { People, Person } from '../../core/ports.ts';
import type { KnockRow, SessionRow } from '../../db/schema/sessions.ts';
import type { CodeStore } from '../store/code-store.ts';
import type { KnockStore } from '../store/knock-store.ts';

/** Everything stored that views of a session are made of. */
export interface SessionSnapshot {
  readonly row: SessionRow;
  readonly target: SessionTarget;
  readonly owner: Person | undefined;
  /** null once it is released. */
  readonly code: string | null;
  readonly knocks: readonly KnockRow[];
}

/** Reads what belongs to some sessions in a few queries, however many sessions there are. */
export class SnapshotReader {
  readonly #codes: CodeStore;
  readonly #knocks: KnockStore;
  readonly #people: People;

  constructor(deps: { codes: CodeStore; knocks: KnockStore; people: People }) {
    this.#codes = deps.codes;
    this.#knocks = deps.knocks;
    this.#people = deps.people;
  }

  async read(rows: readonly SessionRow[], now: number): Promise<SessionSnapshot[]> {
    const active = rows.filter((row) => row.phase !== 'ended').map((row) => row.id);
    const codes = await this.#codes.activeOf(active);
    const knocks = await this.#knocks.waitingAt(active, now);
    const people = new Map<string, Person | undefined>();
    const snapshots: SessionSnapshot[] = [];
    for (const row of rows) {
      const teamOf = row.ownerId ?? row.createdBy;
      if (teamOf !== null && !people.has(teamOf)) people.set(teamOf, await this.#people.find(teamOf));
      const person = teamOf === null ? undefined : people.get(teamOf);
      snapshots.push({
        row,
        target: {
          ownerId: row.ownerId,
          ownerTeamId: person?.teamId ?? null,
          visibility: row.visibility,
          claimBy: row.claimBy,
          company: null,
        },
        owner: row.ownerId === null ? undefined : person,
        code: codes.get(row.id) ?? null,
        knocks: knocks.get(row.id) ?? [],
      });
    }
    return snapshots;
  }

  async readOne(row: SessionRow, now: number): Promise<SessionSnapshot> {
    const [snapshot] = await this.read([row], now);
    if (!snapshot) throw new Error('one row gives one snapshot');
    return snapshot;
  }
}

import type { SessionTarget } from '@guruconnect/shared';
import type { People, Person, Settings } from '../../core/ports.ts';
import type { KnockRow, SessionRow } from '../../db/schema/sessions.ts';
import type { MachineScope } from '../machines/machine-scope.ts';
import { sessionTarget } from '../session-target.ts';
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
  /** Who offers it to whom. */
  readonly transfer: { readonly from: Person; readonly to: Person } | undefined;
  /** Whether small pictures of its machine's screen are kept. */
  readonly takesThumbnails: boolean;
}

/** Reads what belongs to some sessions in a few queries, however many sessions there are. */
export class SnapshotReader {
  readonly #codes: CodeStore;
  readonly #knocks: KnockStore;
  readonly #people: People;
  readonly #scope: MachineScope;
  readonly #settings: Settings;

  constructor(deps: {
    codes: CodeStore;
    knocks: KnockStore;
    people: People;
    scope: MachineScope;
    settings: Settings;
  }) {
    this.#codes = deps.codes;
    this.#knocks = deps.knocks;
    this.#people = deps.people;
    this.#scope = deps.scope;
    this.#settings = deps.settings;
  }

  async read(rows: readonly SessionRow[], now: number): Promise<SessionSnapshot[]> {
    const active = rows.filter((row) => row.phase !== 'ended').map((row) => row.id);
    const codes = await this.#codes.activeOf(active);
    const knocks = await this.#knocks.waitingAt(active, now);
    const companyOf = await this.#scope.companiesOf(rows);
    const people = new Map<string, Person | undefined>();
    const find = async (userId: string | null) => {
      if (userId !== null && !people.has(userId)) people.set(userId, await this.#people.find(userId));
      return userId === null ? undefined : people.get(userId);
    };
    const snapshots: SessionSnapshot[] = [];
    for (const row of rows) {
      const person = await find(row.ownerId ?? row.createdBy);
      const { transfer } = row.state;
      const from = await find(transfer?.fromUserId ?? null);
      const to = await find(transfer?.toUserId ?? null);
      snapshots.push({
        row,
        target: sessionTarget(row, person?.teamId ?? null, companyOf(row)),
        owner: row.ownerId === null ? undefined : person,
        code: codes.get(row.id) ?? null,
        knocks: knocks.get(row.id) ?? [],
        transfer: from && to ? { from, to } : undefined,
        takesThumbnails: row.machineId !== null && this.#settings.current().machineThumbnails,
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

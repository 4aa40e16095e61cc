import type { Actor, FilterTarget } from '@guruconnect/shared';
import { may } from '@guruconnect/shared';
import { and, count, eq, sql } from 'drizzle-orm';
import type { Database } from '../../db/database.ts';
import { filterPins, savedFilters } from '../../db/schema/machines.ts';
import { users } from '../../db/schema/people.ts';

/** A saved filter as one person has it before them. */
export interface FilterRecord extends FilterTarget {
  readonly filterId: string;
  readonly name: string;
  readonly query: string;
  readonly ownerName: string;
  readonly pinned: boolean;
  readonly createdAt: number;
}

export type NewFilter = typeof savedFilters.$inferInsert;
export type FilterChange = Partial<Pick<NewFilter, 'name' | 'query' | 'shared'>>;

/** Saved filters; everything that is read is what `filter:see` lets the actor see. */
export class FilterStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** By name. */
  async visibleTo(actor: Actor): Promise<FilterRecord[]> {
    const mine = eq(savedFilters.ownerId, actor.userId);
    const rows = await this.#select(actor, sql`(${mine} OR ${savedFilters.shared} <> 'none')`);
    return rows.filter((row) => may(actor, 'filter:see', row));
  }

  async find(actor: Actor, filterId: string): Promise<FilterRecord | undefined> {
    const [row] = await this.#select(actor, eq(savedFilters.id, filterId));
    return row && may(actor, 'filter:see', row) ? row : undefined;
  }

  async countOf(ownerId: string): Promise<number> {
    const [row] = await this.#db
      .select({ n: count() })
      .from(savedFilters)
      .where(eq(savedFilters.ownerId, ownerId));
    return row?.n ?? 0;
  }

  async insert(filter: NewFilter): Promise<void> {
    await this.#db.insert(savedFilters).values(filter);
  }

  async change(filterId: string, change: FilterChange): Promise<void> {
    await this.#db.update(savedFilters).set(change).where(eq(savedFilters.id, filterId));
  }

  async delete(filterId: string): Promise<void> {
    await this.#db.delete(savedFilters).where(eq(savedFilters.id, filterId));
  }

  async pin(filterId: string, userId: string, pinned: boolean): Promise<void> {
    if (pinned) await this.#db.insert(filterPins).values({ filterId, userId }).onConflictDoNothing();
    else {
      await this.#db
        .delete(filterPins)
        .where(and(eq(filterPins.filterId, filterId), eq(filterPins.userId, userId)));
    }
  }

  #select(actor: Actor, where: ReturnType<typeof sql>): Promise<FilterRecord[]> {
    const isPinned = sql<boolean>`EXISTS (SELECT FROM ${filterPins}
      WHERE ${filterPins.filterId} = ${savedFilters.id} AND ${filterPins.userId} = ${actor.userId})`;
    return this.#db
      .select({
        filterId: savedFilters.id,
        name: savedFilters.name,
        query: savedFilters.query,
        shared: savedFilters.shared,
        ownerId: savedFilters.ownerId,
        ownerName: users.name,
        ownerTeamId: users.teamId,
        pinned: isPinned,
        createdAt: savedFilters.createdAt,
      })
      .from(savedFilters)
      .innerJoin(users, eq(users.id, savedFilters.ownerId))
      .where(where)
      .orderBy(sql`lower(${savedFilters.name})`, savedFilters.id);
  }
}

import type { MachineInfo } from '@guruconnect/shared';
import { and, asc, eq, gt, inArray, lte } from 'drizzle-orm';
import { hashToken, newId } from '../../core/secrets.ts';
import type { Database } from '../../db/database.ts';
import { type KnockRow, knocks } from '../../db/schema/sessions.ts';

/** More than this many at one door at once are not shown: somebody plays with the bell. */
const MAX_WAITING = 8;

export interface NewKnock {
  readonly sessionId: string;
  readonly token: string;
  readonly address: string;
  /** null for a guest. */
  readonly machine: MachineInfo | null;
  readonly now: number;
  readonly expiresAt: number;
}

/** Those who wait for a technician's Admit. */
export class KnockStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Stores a knock; false when too many wait at that session already. */
  async add(knock: NewKnock): Promise<boolean> {
    const waiting = await this.waitingAt([knock.sessionId], knock.now);
    if ((waiting.get(knock.sessionId)?.length ?? 0) >= MAX_WAITING) return false;
    await this.#db.insert(knocks).values({
      id: newId(),
      sessionId: knock.sessionId,
      kind: knock.machine === null ? 'guest' : 'agent',
      tokenHash: hashToken(knock.token),
      address: knock.address,
      machine: knock.machine,
      status: 'waiting',
      createdAt: knock.now,
      expiresAt: knock.expiresAt,
    });
    return true;
  }

  async findByToken(token: string): Promise<KnockRow | undefined> {
    const [row] = await this.#db
      .select()
      .from(knocks)
      .where(eq(knocks.tokenHash, hashToken(token)));
    return row;
  }

  async find(sessionId: string, knockId: string): Promise<KnockRow | undefined> {
    const [row] = await this.#db
      .select()
      .from(knocks)
      .where(and(eq(knocks.id, knockId), eq(knocks.sessionId, sessionId)));
    return row;
  }

  /** Who waits at these sessions now, the first to come first. */
  async waitingAt(sessionIds: readonly string[], now: number): Promise<Map<string, KnockRow[]>> {
    const bySession = new Map<string, KnockRow[]>();
    if (sessionIds.length === 0) return bySession;
    const rows = await this.#db
      .select()
      .from(knocks)
      .where(
        and(
          inArray(knocks.sessionId, [...sessionIds]),
          eq(knocks.status, 'waiting'),
          gt(knocks.expiresAt, now),
        ),
      )
      .orderBy(asc(knocks.createdAt));
    for (const row of rows) bySession.set(row.sessionId, [...(bySession.get(row.sessionId) ?? []), row]);
    return bySession;
  }

  /** Answers a knock that still waits; undefined when it was answered or went away before. */
  async answer(knockId: string, admit: boolean, now: number): Promise<KnockRow | undefined> {
    const [row] = await this.#db
      .update(knocks)
      .set({ status: admit ? 'admitted' : 'refused', answeredAt: now })
      .where(and(eq(knocks.id, knockId), eq(knocks.status, 'waiting'), gt(knocks.expiresAt, now)))
      .returning();
    return row;
  }

  /** Turns an Admit that could not be carried out into a refusal. */
  async takeBack(knockId: string, now: number): Promise<void> {
    await this.#db.update(knocks).set({ status: 'refused', answeredAt: now }).where(eq(knocks.id, knockId));
  }

  /** Refuses those whose time is over; returns them. */
  expire(now: number): Promise<KnockRow[]> {
    return this.#db
      .update(knocks)
      .set({ status: 'refused', answeredAt: now })
      .where(and(eq(knocks.status, 'waiting'), lte(knocks.expiresAt, now)))
      .returning();
  }
}

import type { MachineCommandKind, MachineCommandResult, MachineCommandView } from '@guruconnect/shared';
import { and, desc, eq, gt, inArray, isNotNull, lte, or, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { type MachineCommandRow, machineCommands } from '../db/schema/delivery.ts';
import { users } from '../db/schema/people.ts';
import { isUniqueViolation } from '../db/unique-violation.ts';

/** Of a machine, the newest. */
const LISTED = 50;
/** Expired at once by the thousand, they go in parts. */
const PART = 500;

const isOpen = inArray(machineCommands.status, ['waiting', 'sent']);
const wasSent = isNotNull(machineCommands.sentAt);

/** A command with the name of who gave it. */
export interface NamedCommand {
  readonly row: MachineCommandRow;
  readonly issuer: MachineCommandView['issuedBy'];
}

/** Commands in their table. Every change of state asks for the state before, so that two at once make one. */
export class CommandStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** False when the machine has an open one. */
  async add(
    command: Omit<MachineCommandRow, 'status' | 'reason' | 'sentAt' | 'answeredAt'>,
  ): Promise<boolean> {
    try {
      await this.#db.insert(machineCommands).values({ ...command, status: 'waiting', reason: '' });
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  async find(commandId: string): Promise<NamedCommand | undefined> {
    const [found] = await this.#named(eq(machineCommands.id, commandId), 1);
    return found;
  }

  /** The newest first. */
  ofMachine(machineId: string): Promise<NamedCommand[]> {
    return this.#named(eq(machineCommands.machineId, machineId), LISTED);
  }

  async openOf(machineId: string): Promise<NamedCommand | undefined> {
    const [found] = await this.#named(and(eq(machineCommands.machineId, machineId), isOpen), 1);
    return found;
  }

  async machinesWaiting(): Promise<string[]> {
    const rows = await this.#db
      .select({ machineId: machineCommands.machineId })
      .from(machineCommands)
      .where(isOpen);
    return rows.map(({ machineId }) => machineId);
  }

  /** What the machine gets now, marked as sent; `isNew` for what it never got before. */
  async take(machineId: string, now: number): Promise<{ row: MachineCommandRow; isNew: boolean }[]> {
    const mine = and(eq(machineCommands.machineId, machineId), isOpen, gt(machineCommands.expiresAt, now));
    const open = await this.#db.select().from(machineCommands).where(mine);
    if (open.length === 0) return [];
    const fresh = await this.#db
      .update(machineCommands)
      .set({ status: 'sent', sentAt: now })
      .where(and(mine, eq(machineCommands.status, 'waiting')))
      .returning();
    const freshIds = new Set(fresh.map(({ id }) => id));
    const again = open.filter(({ id, status }) => status === 'sent' && !freshIds.has(id));
    return [...fresh.map((row) => ({ row, isNew: true })), ...again.map((row) => ({ row, isNew: false }))];
  }

  /**
   * Stores what a machine says of a command that it got, also once it is too late; undefined when there is nothing to
   * store: never sent to this machine, or said before. What was accepted may still fail.
   */
  async answer(
    machineId: string,
    { commandId, outcome, reason }: MachineCommandResult,
    now: number,
  ): Promise<MachineCommandRow | undefined> {
    const { status } = machineCommands;
    const from = or(
      eq(status, 'sent'),
      and(eq(status, 'expired'), wasSent),
      ...(outcome === 'accepted' ? [] : [eq(status, 'accepted')]),
    );
    const [row] = await this.#db
      .update(machineCommands)
      .set({ status: outcome, reason: outcome === 'accepted' ? '' : reason, answeredAt: now })
      .where(and(eq(machineCommands.id, commandId), eq(machineCommands.machineId, machineId), from))
      .returning();
    return row;
  }

  /** False when the machine has got it, or it is over. */
  async cancel(commandId: string, now: number): Promise<boolean> {
    const rows = await this.#db
      .update(machineCommands)
      .set({ status: 'cancelled', answeredAt: now })
      .where(and(eq(machineCommands.id, commandId), eq(machineCommands.status, 'waiting')))
      .returning({ id: machineCommands.id });
    return rows.length > 0;
  }

  /** Ends those whose time is over, some hundred at once; returns them. */
  expire(now: number, machineId?: string): Promise<MachineCommandRow[]> {
    const due = and(
      isOpen,
      lte(machineCommands.expiresAt, now),
      ...(machineId === undefined ? [] : [eq(machineCommands.machineId, machineId)]),
    );
    const part = this.#db.select({ id: machineCommands.id }).from(machineCommands).where(due).limit(PART);
    return this.#db
      .update(machineCommands)
      .set({
        status: 'expired',
        reason: sql`CASE WHEN ${machineCommands.sentAt} IS NULL
          THEN 'The machine did not connect in time.'
          ELSE 'The machine got it, and did not answer in time.' END`,
      })
      .where(and(inArray(machineCommands.id, part), due))
      .returning();
  }

  async #named(condition: ReturnType<typeof and>, limit: number): Promise<NamedCommand[]> {
    const rows = await this.#db
      .select({ row: machineCommands, userId: users.id, name: users.name })
      .from(machineCommands)
      .leftJoin(users, eq(users.id, machineCommands.issuedBy))
      .where(condition)
      .orderBy(desc(machineCommands.issuedAt))
      .limit(limit);
    return rows.map(({ row, userId, name }) => ({
      row,
      issuer: userId === null || name === null ? null : { userId, name },
    }));
  }
}

/** A command of Safe Mode, which other systems have not. */
export function isForWindowsOnly(kind: MachineCommandKind): boolean {
  return kind !== 'normal' && kind !== 'emergency';
}

import type { SupportRequestView } from '@guruconnect/shared';
import { and, count, desc, eq, inArray, isNotNull, isNull, type SQL } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { supportRequests } from '../db/schema/delivery.ts';
import { companies, machines } from '../db/schema/machines.ts';
import { users } from '../db/schema/people.ts';

/** Shown at once. */
const LISTED = 200;

export interface StoredRequest {
  readonly companyId: string;
  readonly isRemoved: boolean;
  readonly view: SupportRequestView;
}

/** Requests for help in their table. */
export class RequestStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(request: {
    id: string;
    machineId: string;
    userName: string;
    message: string;
    createdAt: number;
  }): Promise<void> {
    await this.#db.insert(supportRequests).values(request);
  }

  /** Of machines of these companies that are not removed, the newest first. */
  async list(scope: 'all' | ReadonlySet<string>, isClosed: boolean): Promise<SupportRequestView[]> {
    if (scope !== 'all' && scope.size === 0) return [];
    const { closedAt, createdAt } = supportRequests;
    const found = await this.#read(
      and(
        isClosed ? isNotNull(closedAt) : isNull(closedAt),
        isNull(machines.removedAt),
        ...(scope === 'all' ? [] : [inArray(machines.companyId, [...scope])]),
      ),
      isClosed ? closedAt : createdAt,
    );
    return found.map(({ view }) => view);
  }

  async find(requestId: string): Promise<StoredRequest | undefined> {
    const [found] = await this.#read(eq(supportRequests.id, requestId), supportRequests.createdAt);
    return found;
  }

  /** False when somebody was faster. */
  async close(requestId: string, userId: string, now: number): Promise<boolean> {
    const rows = await this.#db
      .update(supportRequests)
      .set({ closedAt: now, closedBy: userId })
      .where(and(eq(supportRequests.id, requestId), isNull(supportRequests.closedAt)))
      .returning({ id: supportRequests.id });
    return rows.length > 0;
  }

  async openCount(machineId: string): Promise<number> {
    const [row] = await this.#db
      .select({ open: count() })
      .from(supportRequests)
      .where(and(eq(supportRequests.machineId, machineId), isNull(supportRequests.closedAt)));
    return row?.open ?? 0;
  }

  async #read(
    condition: SQL | undefined,
    newestBy: typeof supportRequests.closedAt | typeof supportRequests.createdAt,
  ): Promise<StoredRequest[]> {
    const rows = await this.#db
      .select({
        request: supportRequests,
        companyId: machines.companyId,
        company: companies.name,
        name: machines.name,
        hostname: machines.hostname,
        removedAt: machines.removedAt,
        closerId: users.id,
        closerName: users.name,
      })
      .from(supportRequests)
      .innerJoin(machines, eq(machines.id, supportRequests.machineId))
      .innerJoin(companies, eq(companies.id, machines.companyId))
      .leftJoin(users, eq(users.id, supportRequests.closedBy))
      .where(condition)
      .orderBy(desc(newestBy), supportRequests.id)
      .limit(LISTED);
    return rows.map(({ request, companyId, company, name, hostname, removedAt, closerId, closerName }) => ({
      companyId,
      isRemoved: removedAt !== null,
      view: {
        requestId: request.id,
        machine: { machineId: request.machineId, name: name === '' ? hostname : name, company },
        user: request.userName,
        message: request.message,
        createdAt: request.createdAt,
        closedAt: request.closedAt,
        closedBy: closerId === null || closerName === null ? null : { userId: closerId, name: closerName },
      },
    }));
  }
}

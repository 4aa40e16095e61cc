import { and, count, eq, isNull, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { machines } from '../db/schema/machines.ts';

/** How many machines that are not removed each company and each site has. */
export interface MachineCounts {
  ofCompany(companyId: string): number;
  ofSite(siteId: string): number;
}

/** Counts all machines, or those of one company. */
export async function countMachines(db: Database, companyId?: string): Promise<MachineCounts> {
  const rows = await db
    .select({ companyId: machines.companyId, siteId: machines.siteId, machines: count() })
    .from(machines)
    .where(
      and(
        isNull(machines.removedAt),
        companyId === undefined ? undefined : eq(machines.companyId, companyId),
      ),
    )
    .groupBy(machines.companyId, machines.siteId);
  const companies = new Map<string, number>();
  const sites = new Map<string, number>();
  for (const row of rows) {
    companies.set(row.companyId, (companies.get(row.companyId) ?? 0) + row.machines);
    if (row.siteId !== null) sites.set(row.siteId, row.machines);
  }
  return { ofCompany: (id) => companies.get(id) ?? 0, ofSite: (id) => sites.get(id) ?? 0 };
}

/** Raises the version of machines whose lines show a name that changed; returns their ids. */
export async function touchMachines(
  db: Database,
  of: { companyId: string } | { siteId: string },
): Promise<string[]> {
  const rows = await db
    .update(machines)
    .set({ version: sql`${machines.version} + 1` })
    .where('siteId' in of ? eq(machines.siteId, of.siteId) : eq(machines.companyId, of.companyId))
    .returning({ id: machines.id });
  return rows.map((row) => row.id);
}

/** Machines of a company, removed ones too. */
export async function machinesOf(db: Database, companyId: string): Promise<string[]> {
  const rows = await db.select({ id: machines.id }).from(machines).where(eq(machines.companyId, companyId));
  return rows.map((row) => row.id);
}

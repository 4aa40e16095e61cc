import { and, eq, inArray, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Database } from '../db/database.ts';
import { machineCountDeltas, machineCounts } from '../db/schema/machine-search.ts';
import { machines } from '../db/schema/machines.ts';

/** How many machines that are not removed each company and each site has. */
export interface MachineCounts {
  ofCompany(companyId: string): number;
  ofSite(siteId: string): number;
}

/** Of all companies, or of one. From the counts that triggers keep: machines themselves are too many to be counted. */
export async function countMachines(db: Database, companyId?: string): Promise<MachineCounts> {
  const partOf = (table: typeof machineCounts | typeof machineCountDeltas) =>
    db
      .select({ kind: table.kind, companyId: table.companyId, value: table.value, n: table.n })
      .from(table)
      .where(
        and(
          inArray(table.kind, ['all', 'site']),
          companyId === undefined ? undefined : eq(table.companyId, companyId),
        ),
      );
  // In one statement: deltas are folded into the counts at any time.
  const rows = await unionAll(partOf(machineCounts), partOf(machineCountDeltas));
  const companies = new Map<string, number>();
  const sites = new Map<string, number>();
  for (const row of rows) {
    if (row.kind === 'all') add(companies, row.companyId, row.n);
    else add(sites, row.value, row.n);
  }
  return { ofCompany: (id) => companies.get(id) ?? 0, ofSite: (id) => sites.get(id) ?? 0 };
}

function add(sums: Map<string, number>, key: string, n: number): void {
  sums.set(key, (sums.get(key) ?? 0) + n);
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

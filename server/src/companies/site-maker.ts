import { GuruError } from '@guruconnect/shared';
import { and, count, eq, sql } from 'drizzle-orm';
import type { Clock } from '../core/clock.ts';
import type { AuditLog } from '../core/ports.ts';
import { newId } from '../core/secrets.ts';
import type { Database } from '../db/database.ts';
import { type SiteRow, sites } from '../db/schema/machines.ts';
import type { CompanyDirectory } from './company-directory.ts';
import { noSuchCompany } from './company-errors.ts';

/** Machines make sites by naming them; one that went wrong must not make them without end. */
const MAX_SITES = 2_000;

/**
 * The company's site of that name in any case, made when there is none; undefined for an empty name. Throws `conflict`
 * when the company has too many sites.
 */
export async function ensureSite(
  deps: { db: Database; clock: Clock; audit: AuditLog; directory: CompanyDirectory },
  companyId: string,
  name: string,
): Promise<string | undefined> {
  const { db, clock, audit, directory } = deps;
  const wanted = name.trim();
  if (wanted === '') return undefined;
  if (!directory.find(companyId)) throw noSuchCompany();
  const found = await findSite(db, companyId, wanted);
  if (found) return found.id;
  const [existing] = await db.select({ sites: count() }).from(sites).where(eq(sites.companyId, companyId));
  if ((existing?.sites ?? 0) >= MAX_SITES) {
    throw GuruError.conflict(`This company has ${MAX_SITES} sites. There can be no more.`);
  }
  const site: SiteRow = { id: newId(), companyId, name: wanted, createdAt: clock.now() };
  const made = await db.insert(sites).values(site).onConflictDoNothing().returning({ id: sites.id });
  // Somebody else made it in between.
  if (made.length === 0) return (await findSite(db, companyId, wanted))?.id;
  await directory.refresh(companyId);
  await audit.append({
    actor: 'server',
    action: 'site.created',
    details: { companyId, siteId: site.id, name: wanted, because: 'a machine named it' },
  });
  return site.id;
}

async function findSite(db: Database, companyId: string, name: string): Promise<SiteRow | undefined> {
  const [site] = await db
    .select()
    .from(sites)
    .where(and(eq(sites.companyId, companyId), sql`lower(${sites.name}) = lower(${name})`));
  return site;
}

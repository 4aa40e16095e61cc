import { GuruError } from '@guruconnect/shared';
import { and, count, eq, isNotNull, isNull } from 'drizzle-orm';
import { companies, machines } from '../db/schema/machines.ts';
import type { CompanyHandlerDeps } from './company-deps.ts';
import type { KnownCompany } from './company-directory.ts';
import { noSuchCompany } from './company-errors.ts';

/**
 * Deletes a company with its sites and installers. Throws `conflict` when it has machines. Machines that were removed
 * before go with it for good: nobody could bring them back into a company that is gone.
 */
export async function deleteCompany(
  deps: CompanyHandlerDeps,
  company: KnownCompany,
  by: { userId: string; address: string },
): Promise<void> {
  const { companyId, name } = company;
  const purged = await deps.db.transaction(async (tx) => {
    // Holds off machines that enrol or move into it meanwhile: their rows refer to this one.
    const [row] = await tx.select().from(companies).where(eq(companies.id, companyId)).for('update');
    if (!row) throw noSuchCompany();
    const ofCompany = eq(machines.companyId, companyId);
    const [left] = await tx
      .select({ machines: count() })
      .from(machines)
      .where(and(ofCompany, isNull(machines.removedAt)));
    if ((left?.machines ?? 0) > 0) {
      throw GuruError.conflict('This company still has machines. Move or remove them first.');
    }
    const gone = await tx
      .delete(machines)
      .where(and(ofCompany, isNotNull(machines.removedAt)))
      .returning({ id: machines.id });
    await tx.delete(companies).where(eq(companies.id, companyId));
    return gone.map((machine) => machine.id);
  });
  await deps.directory.refresh(companyId);
  deps.feed.changed(purged, 'removed');
  await deps.audit.append({
    actor: `user:${by.userId}`,
    action: 'company.deleted',
    address: by.address,
    details: { companyId, name, ...(purged.length > 0 ? { purgedMachineIds: purged } : {}) },
  });
}

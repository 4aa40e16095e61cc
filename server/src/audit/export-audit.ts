import { asc, eq } from 'drizzle-orm';
import type { ServerKeys } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { auditEntries, auditHeads, auditPayloads } from '../db/schema/audit.ts';
import { AUDIT_KEY } from './audit-heads.ts';
import type { AuditExport } from './verify-audit.ts';

/** Reads the whole log for `verifyAudit`. */
export async function exportAudit(deps: { db: Database; keys: ServerKeys }): Promise<AuditExport> {
  const { publicKeySpkiBase64Url } = await deps.keys.signingKey(AUDIT_KEY);
  const rows = await deps.db
    .select({ entry: auditEntries, details: auditPayloads.details })
    .from(auditEntries)
    .leftJoin(auditPayloads, eq(auditPayloads.sequence, auditEntries.sequence))
    .orderBy(asc(auditEntries.sequence));
  return {
    entries: rows.map(({ entry, details }) => ({ ...entry, details })),
    heads: await deps.db.select().from(auditHeads).orderBy(asc(auditHeads.id)),
    publicKey: publicKeySpkiBase64Url,
  };
}

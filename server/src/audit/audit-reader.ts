import type { AuditEntry } from '@guruconnect/shared';
import { asc, desc, eq, lt } from 'drizzle-orm';
import type { AuditReader } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { auditEntries, auditPayloads } from '../db/schema/audit.ts';

export interface AuditPages extends AuditReader {
  /** Newest first, older than `before`. */
  page(options: { before?: number | undefined; limit: number }): Promise<AuditEntry[]>;
}

export function createAuditReader(db: Database): AuditPages {
  const select = () =>
    db
      .select({ entry: auditEntries, details: auditPayloads.details })
      .from(auditEntries)
      .leftJoin(auditPayloads, eq(auditPayloads.sequence, auditEntries.sequence));
  return {
    ofSession: async (sessionId) => {
      const rows = await select()
        .where(eq(auditEntries.sessionId, sessionId))
        .orderBy(asc(auditEntries.sequence));
      return rows.map(toEntry);
    },
    page: async ({ before, limit }) => {
      const rows = await select()
        .where(before === undefined ? undefined : lt(auditEntries.sequence, before))
        .orderBy(desc(auditEntries.sequence))
        .limit(limit);
      return rows.map(toEntry);
    },
  };
}

function toEntry(row: {
  entry: typeof auditEntries.$inferSelect;
  details: Record<string, unknown> | null;
}): AuditEntry {
  const { sequence, stream, at, actor, action, sessionId, address, hash } = row.entry;
  return { sequence, stream, at, actor, action, sessionId, address, details: row.details ?? {}, hash };
}

import { desc, eq, sql } from 'drizzle-orm';
import { canonicalJson, toStorable } from '../core/canonical-json.ts';
import type { Clock } from '../core/clock.ts';
import type { AuditEvent, AuditLog } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { auditEntries } from '../db/schema/audit.ts';
import { isUniqueViolation } from '../db/unique-violation.ts';
import { CHAIN_START, hashEntry, hashPayload } from './audit-entry.ts';

/** Another node may write to the same stream; each loss of the race is one try. */
const MAX_TRIES = 10;

export interface WritableAuditLog extends AuditLog {
  /** Settles when all that was appended is stored or refused. */
  drained(): Promise<void>;
}

/**
 * Writes the audit log: one hash chain for the node and one for each session, so that sessions do not wait for
 * each other. Entries of a stream are written one after the other.
 */
export function createAuditLog(deps: { db: Database; clock: Clock }): WritableAuditLog {
  const queues = new Map<string, Promise<void>>();
  return {
    append: (event) => {
      const stream = event.sessionId === undefined ? 'node' : `session:${event.sessionId}`;
      const previous = queues.get(stream) ?? Promise.resolve();
      const written = previous.then(() => write(deps, stream, event));
      const settled = written
        .catch(() => undefined)
        .then(() => {
          if (queues.get(stream) === settled) queues.delete(stream);
        });
      queues.set(stream, settled);
      return written;
    },
    drained: async () => {
      await Promise.all(queues.values());
    },
  };
}

async function write(deps: { db: Database; clock: Clock }, stream: string, event: AuditEvent): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await insert(deps, stream, event);
    } catch (error) {
      if (!isUniqueViolation(error) || tries >= MAX_TRIES) throw error;
    }
  }
}

async function insert(
  { db, clock }: { db: Database; clock: Clock },
  stream: string,
  event: AuditEvent,
): Promise<void> {
  const [last] = await db
    .select({ streamSequence: auditEntries.streamSequence, hash: auditEntries.hash })
    .from(auditEntries)
    .where(eq(auditEntries.stream, stream))
    .orderBy(desc(auditEntries.streamSequence))
    .limit(1);
  const details = toStorable(event.details ?? {}) as Record<string, unknown>;
  const entry = {
    stream,
    streamSequence: (last?.streamSequence ?? 0) + 1,
    at: clock.now(),
    actor: event.actor,
    action: event.action,
    sessionId: event.sessionId ?? null,
    address: event.address ?? null,
    payloadHash: hashPayload(details),
    previousHash: last?.hash ?? CHAIN_START,
  };
  // One statement, so that there is never an entry without its payload.
  await db.execute(sql`
    WITH entry AS (
      INSERT INTO audit_entries
        (stream, stream_sequence, at, actor, action, session_id, address, payload_hash, previous_hash, hash)
      VALUES (${entry.stream}, ${entry.streamSequence}, ${new Date(entry.at).toISOString()}, ${entry.actor},
        ${entry.action}, ${entry.sessionId}, ${entry.address}, ${entry.payloadHash}, ${entry.previousHash},
        ${hashEntry(entry)})
      RETURNING sequence
    )
    INSERT INTO audit_payloads (sequence, details) SELECT sequence, ${canonicalJson(details)}::jsonb FROM entry`);
}

import { createSign } from 'node:crypto';
import { desc, gt, max } from 'drizzle-orm';
import type { Clock } from '../core/clock.ts';
import type { Log, ServerKeys } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { auditEntries, auditHeads } from '../db/schema/audit.ts';
import { CHAIN_START, hashHead, type StreamHead } from './audit-entry.ts';

const SIGN_EVERY_MS = 10 * 60_000;
/** Sequence numbers are given before rows are committed, so the newest few may come in late. */
const LATE_ROWS = 1000;
/** Name of the key among the server's keys. */
export const AUDIT_KEY = 'audit';

export interface AuditHeads {
  /** Signs the newest entry of each stream that grew since the last head; nothing when none did. */
  sign(): Promise<void>;
  /** Signs once more and stops. */
  close(): Promise<void>;
}

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly keys: ServerKeys;
  readonly log: Log;
}

/**
 * Signed heads over all streams: whoever holds one can tell later whether entries before it were changed or cut off,
 * by somebody who can write to the database but does not hold the key.
 */
export function createAuditHeads(deps: Deps): AuditHeads {
  let last: Promise<void> = Promise.resolve();
  const sign = () => {
    last = last
      .then(() => signHead(deps))
      .catch((error) => deps.log.error({ err: error }, 'audit head not signed'));
    return last;
  };
  const stop = deps.clock.every(SIGN_EVERY_MS, () => void sign());
  return {
    sign,
    close: () => {
      stop();
      return sign();
    },
  };
}

async function signHead({ db, clock, keys }: Deps): Promise<void> {
  const [previous] = await db.select().from(auditHeads).orderBy(desc(auditHeads.id)).limit(1);
  const [newest] = await db.select({ sequence: max(auditEntries.sequence) }).from(auditEntries);
  const covered = Math.max(0, ...Object.values(previous?.heads ?? {}).map((head) => head.entry));
  if ((newest?.sequence ?? 0) <= covered) return;
  const heads = await changedStreams(db, covered);
  const unsigned = { at: clock.now(), heads, previousHash: previous?.hash ?? CHAIN_START };
  const hash = hashHead(unsigned);
  const { privateKeyPem } = await keys.signingKey(AUDIT_KEY);
  const signature = createSign('sha256').update(hash).sign({ key: privateKeyPem, dsaEncoding: 'ieee-p1363' });
  await db.insert(auditHeads).values({ ...unsigned, hash, signature: signature.toString('base64url') });
}

async function changedStreams(db: Database, covered: number): Promise<Record<string, StreamHead>> {
  const rows = await db
    .selectDistinctOn([auditEntries.stream], {
      stream: auditEntries.stream,
      sequence: auditEntries.streamSequence,
      hash: auditEntries.hash,
      entry: auditEntries.sequence,
    })
    .from(auditEntries)
    .where(gt(auditEntries.sequence, covered - LATE_ROWS))
    .orderBy(auditEntries.stream, desc(auditEntries.streamSequence));
  return Object.fromEntries(rows.map(({ stream, ...head }) => [stream, head]));
}

import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditHeads } from '../src/audit/audit-heads.ts';
import { createAuditLog } from '../src/audit/audit-log.ts';
import { createAuditReader } from '../src/audit/audit-reader.ts';
import { exportAudit } from '../src/audit/export-audit.ts';
import { type AuditExport, verifyAudit } from '../src/audit/verify-audit.ts';
import { systemClock } from '../src/core/clock.ts';
import type { DatabaseHandle } from '../src/db/database.ts';
import { auditPayloads } from '../src/db/schema/audit.ts';
import { createServerKeys } from '../src/keys/server-keys.ts';
import { openTestDatabase } from './support/open-test-database.ts';
import { SILENT } from './support/start-test-server.ts';
import { DATABASE_KINDS, type TestDatabase } from './support/test-databases.ts';

describe.each(DATABASE_KINDS)('the audit log on $name', ({ create }) => {
  const clock = systemClock;
  let database: TestDatabase;
  let handle: DatabaseHandle;

  beforeAll(async () => {
    database = await create();
    handle = await openTestDatabase(database);
  });
  afterAll(async () => {
    await handle.close();
    await database.remove();
  });

  function open() {
    const { db } = handle;
    const keys = createServerKeys({ db, clock });
    return {
      log: createAuditLog({ db, clock }),
      heads: createAuditHeads({ db, clock, keys, log: SILENT }),
      exported: () => exportAudit({ db, keys }),
    };
  }

  it('keeps one whole chain a stream although two writers append to both at once', async () => {
    const sessionId = randomUUID();
    const [first, second] = [open(), open()];
    const events = Array.from({ length: 20 }, (_, n) => ({
      actor: 'server',
      action: 'thing.happened',
      details: { n, text: 'ünïcode \0 \ud800', nested: { b: 1, a: [null, 1.5] } },
    }));
    await Promise.all(
      events.flatMap((event) => [
        first.log.append(event),
        second.log.append(event),
        first.log.append({ ...event, sessionId }),
      ]),
    );
    const exported = await first.exported();
    expect(exported.entries.filter((entry) => entry.stream === 'node')).toHaveLength(40);
    expect(exported.entries.filter((entry) => entry.sessionId === sessionId)).toHaveLength(20);
    expect(verifyAudit(exported)).toEqual([]);
  });

  it('gives the entries of one session in the order in which they were appended', async () => {
    const sessionId = randomUUID();
    const { log } = open();
    await Promise.all(
      ['one', 'two', 'three'].map((action) => log.append({ actor: 'guest', action, sessionId })),
    );
    const entries = await createAuditReader(handle.db).ofSession(sessionId);
    expect(entries.map((entry) => entry.action)).toEqual(['one', 'two', 'three']);
  });

  it('tells when an entry or its details were changed, also when the hashes after it were not', async () => {
    const { log, exported } = open();
    await log.append({ actor: 'user:a', action: 'session.joined', details: { machine: 'PC-1' } });
    const intact = await exported();
    const at = intact.entries.length - 2;
    expect(verifyAudit(replaceEntry(intact, at, { actor: 'user:b' }))).toEqual([
      expect.stringContaining('was changed'),
    ]);
    expect(verifyAudit(replaceEntry(intact, at, { details: { machine: 'PC-2' } }))).toEqual([
      expect.stringContaining('the details of'),
    ]);
  });

  it('tells when entries at the end were cut off that a signed head covers', async () => {
    const { log, heads, exported } = open();
    await log.append({ actor: 'user:a', action: 'login.succeeded' });
    await heads.sign();
    const intact = await exported();
    expect(verifyAudit(intact)).toEqual([]);
    expect(intact.heads.length).toBeGreaterThan(0);
    const newest = intact.entries.filter((entry) => entry.stream === 'node').at(-1);
    const cut = { ...intact, entries: intact.entries.filter((entry) => entry !== newest) };
    expect(verifyAudit(cut)).toEqual([expect.stringContaining('node has lost entry')]);
  });

  it('tells when a head was signed with another key', async () => {
    const { heads, exported, log } = open();
    await log.append({ actor: 'server', action: 'server.started' });
    await heads.sign();
    const other = await createServerKeys({ db: handle.db, clock }).signingKey('somebody else');
    const faults = verifyAudit({ ...(await exported()), publicKey: other.publicKeySpkiBase64Url });
    expect(faults).toContainEqual(expect.stringContaining('is not signed by this key'));
  });

  it('signs no new head when nothing was appended', async () => {
    const { heads, exported } = open();
    await heads.sign();
    const before = (await exported()).heads.length;
    await heads.sign();
    expect((await exported()).heads).toHaveLength(before);
  });

  it('stays whole when retention deletes what an entry says', async () => {
    const { log, exported } = open();
    const sessionId = randomUUID();
    await log.append({ actor: 'guest', action: 'chat.sent', sessionId, details: { text: 'private' } });
    const [entry] = await createAuditReader(handle.db).ofSession(sessionId);
    await handle.db.delete(auditPayloads).where(eq(auditPayloads.sequence, entry?.sequence ?? 0));
    expect(verifyAudit(await exported())).toEqual([]);
    expect(
      await handle.db.execute(
        sql`select 1 from audit_payloads where details ? 'text' and sequence = ${entry?.sequence}`,
      ),
    ).toMatchObject({ rowCount: 0 });
  });
});

function replaceEntry(
  exported: AuditExport,
  index: number,
  change: Partial<AuditExport['entries'][number]>,
): AuditExport {
  return {
    ...exported,
    entries: exported.entries.map((entry, n) => (n === index ? { ...entry, ...change } : entry)),
  };
}

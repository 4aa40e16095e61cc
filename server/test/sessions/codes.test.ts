import { INITIAL_SESSION_STATE } from '@guruconnect/shared';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/core/secrets.ts';
import type { DatabaseHandle } from '../../src/db/database.ts';
import { sessionCodes, sessions } from '../../src/db/schema/sessions.ts';
import { CODE_REST_MS, CodeStore, type NewSession } from '../../src/sessions/store/code-store.ts';
import { SessionStore } from '../../src/sessions/store/session-store.ts';
import { openTestDatabase } from '../support/open-test-database.ts';
import { DATABASE_KINDS, type TestDatabase } from '../support/test-databases.ts';

const NOW = 1_700_000_000_000;

function newSession(createdAt = NOW): NewSession {
  return {
    id: newId(),
    origin: 'technician',
    machineId: null,
    consentPolicy: null,
    ownerId: null,
    createdBy: null,
    claimBy: 'list',
    visibility: 'company',
    name: null,
    consentRequired: true,
    state: INITIAL_SESSION_STATE,
    version: 1,
    phase: 'waiting',
    machine: null,
    endpointAddress: null,
    codeExpiresAt: null,
    createdAt,
    lastActiveAt: createdAt,
    endedAt: null,
  };
}

describe.each(DATABASE_KINDS)('codes on $name', ({ create }) => {
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

  async function end(sessionId: string, at: number): Promise<void> {
    const store = new SessionStore(handle.db);
    const row = await store.find(sessionId);
    if (!row) throw new Error('there is no such session');
    await store.compareAndEnd(row, { phase: 'ended', endedAt: at }, at);
  }

  it('are never two alike, also when 100 are made at once', async () => {
    // A hundred codes to draw from for sixty sessions: most draws collide with a stored or a parallel one.
    const few = () => `9990${String(Math.floor(Math.random() * 100)).padStart(2, '0')}`;
    const codes = new CodeStore(handle.db, few);
    const made = await Promise.all(Array.from({ length: 60 }, () => codes.createSession(newSession())));
    expect(new Set(made.map((one) => one.code)).size).toBe(60);
    const real = new CodeStore(handle.db);
    const hundred = await Promise.all(Array.from({ length: 100 }, () => real.createSession(newSession())));
    expect(new Set(hundred.map((one) => one.code)).size).toBe(100);
    for (const { code } of hundred) expect(code).toMatch(/^[0-9]{6}$/);
  });

  it('are refused by the database itself when taken', async () => {
    const { row, code } = await new CodeStore(handle.db).createSession(newSession());
    const second = handle.db
      .insert(sessionCodes)
      .values({ id: newId(), code, sessionId: row.id, active: true, createdAt: NOW });
    await expect(second).rejects.toThrow();
  });

  it('leave nothing behind when a draw fails', async () => {
    const taken = await new CodeStore(handle.db).createSession(newSession());
    const stuck = new CodeStore(handle.db, () => taken.code);
    const session = newSession();
    await expect(stuck.createSession(session)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await handle.db.select().from(sessions).where(eq(sessions.id, session.id))).toEqual([]);
  });

  it('rest for 24 hours after their release', async () => {
    const { row, code } = await new CodeStore(handle.db).createSession(newSession());
    await end(row.id, NOW);
    const same = new CodeStore(handle.db, () => code);
    const early = same.createSession(newSession(NOW + CODE_REST_MS - 1_000));
    await expect(early).rejects.toMatchObject({ code: 'unavailable' });
    const again = await same.createSession(newSession(NOW + CODE_REST_MS + 1_000));
    expect(again.code).toBe(code);
  });

  it('lead to their session while it lives, and to nothing after', async () => {
    const store = new SessionStore(handle.db);
    const { row, code } = await new CodeStore(handle.db).createSession(newSession());
    expect((await store.findByActiveCode(code))?.id).toBe(row.id);
    await end(row.id, NOW);
    expect(await store.findByActiveCode(code)).toBeUndefined();
  });
});

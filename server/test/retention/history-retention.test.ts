import { randomUUID } from 'node:crypto';
import { DEFAULT_SETTINGS, type MachineCommandView } from '@guruconnect/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionsFeatureDeps } from '../../src/core/features.ts';
import type { Log } from '../../src/core/ports.ts';
import type { Database } from '../../src/db/database.ts';
import {
  machineCommands,
  machineUpdates,
  supportRequests,
  updateRollouts,
} from '../../src/db/schema/delivery.ts';
import { machineThumbnails } from '../../src/db/schema/machine-thumbnails.ts';
import { HistoryRetention } from '../../src/retention/history-retention.ts';
import { enrolMachine, makeInstaller } from '../machines/support/enrol-machine.ts';
import { type Stage, setStage } from '../sessions/support/stage.ts';
import { SILENT } from '../support/start-test-server.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';

const DAY = 24 * 60 * 60_000;

describe.each(DATABASE_KINDS)('what is over and old on $name', (kind) => {
  let stage: Stage;
  let db: Database;
  let clock: TestClock;
  let now: number;
  let machineId: string;
  let other: string;

  const keep = (given: SessionsFeatureDeps) => {
    db = given.db;
    return given;
  };
  beforeAll(async () => {
    stage = await setStage({ kind, adapt: keep });
    const { token } = await makeInstaller(stage.admin.client);
    machineId = (await enrolMachine(stage.url, token)).machineId;
    other = (await enrolMachine(stage.url, token)).machineId;
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    clock = createTestClock();
    now = clock.now();
    for (const table of [machineCommands, supportRequests, machineUpdates, updateRollouts]) {
      await db.delete(table);
    }
  });

  const start = (historyDays: number | null, log: Log = SILENT) =>
    new HistoryRetention({
      db,
      clock,
      log,
      settings: { current: () => ({ ...DEFAULT_SETTINGS, historyDays }) },
    });
  const sweepOnce = async (historyDays: number | null) => {
    const retention = start(historyDays);
    await retention.sweep();
    await retention.close();
  };
  const command = (status: MachineCommandView['status'], days: number, of = machineId) => {
    const issuedAt = now - days * DAY;
    const times = { issuedAt, expiresAt: issuedAt + 1, sentAt: null, answeredAt: null };
    return { id: randomUUID(), machineId: of, kind: 'normal' as const, status, reason: '', ...times };
  };
  const request = (days: number, closedDays: number | null) => ({
    id: randomUUID(),
    machineId,
    userName: 'bo',
    message: 'Help',
    createdAt: now - days * DAY,
    closedAt: closedDays === null ? null : now - closedDays * DAY,
  });
  const rollout = async (manifestSha256: string, days: number) => {
    const at = now - days * DAY;
    const row = { version: manifestSha256, ring: 0, stoppedReason: '', ringOpenedAt: at };
    await db
      .insert(updateRollouts)
      .values({ manifestSha256, ...row, startedAt: at, countedFrom: at })
      .onConflictDoNothing();
  };
  const report = async (of: string, manifestSha256: string, days: number) => {
    await rollout(manifestSha256, days);
    const at = now - days * DAY;
    const update = { ring: 0, state: 'failed', attempts: 0, fromVersion: '0', reason: '' } as const;
    await db
      .insert(machineUpdates)
      .values({ machineId: of, manifestSha256, ...update, offeredAt: at, endedAt: at });
  };
  const rollouts = async () =>
    (await db.select().from(updateRollouts)).map(({ manifestSha256 }) => manifestSha256).sort();
  const commands = async () => (await db.select().from(machineCommands)).map(({ id }) => id).sort();
  const requests = async () => (await db.select().from(supportRequests)).map(({ id }) => id).sort();
  const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id).sort();

  it('goes for commands, but for those that a machine has not answered', async () => {
    const kept = [command('waiting', 900), command('sent', 900, other), command('accepted', 29)];
    const over = (['accepted', 'refused', 'failed', 'expired', 'cancelled'] as const).map((status) =>
      command(status, 31),
    );
    await db.insert(machineCommands).values([...kept, ...over]);
    await sweepOnce(30);
    expect(await commands()).toEqual(idsOf(kept));
  });

  it('goes for requests by when they were closed, and never for open ones', async () => {
    const kept = [request(900, null), request(900, 29)];
    await db.insert(supportRequests).values([...kept, request(900, 31)]);
    await sweepOnce(30);
    expect(await requests()).toEqual(idsOf(kept));
  });

  it('goes for reports of updates, but for the newest of each machine', async () => {
    await report(machineId, '1', 900);
    await report(machineId, '2', 400);
    await report(machineId, '3', 20);
    await report(other, '1', 900);
    await report(other, '2', 800);
    await sweepOnce(30);
    const left = await db.select().from(machineUpdates);
    expect(left.map((row) => [row.machineId, row.manifestSha256])).toEqual(
      expect.arrayContaining([
        [machineId, '3'],
        [other, '2'],
      ]),
    );
    expect(left).toHaveLength(2);
  });

  it('goes for roll-outs with the last report of them', async () => {
    await rollout('without a machine', 800);
    await report(machineId, 'reported', 500);
    await report(machineId, 'newest report', 400);
    await rollout('recent', 29);
    await rollout('newest', 1);
    await sweepOnce(30);
    expect(await rollouts()).toEqual(['newest', 'newest report', 'recent']);
    expect(await db.select().from(machineUpdates)).toHaveLength(1);
  });

  it('leaves the newest roll-out, however old', async () => {
    await rollout('first', 900);
    await rollout('last', 800);
    await sweepOnce(30);
    expect(await rollouts()).toEqual(['last']);
    await sweepOnce(30);
    expect(await rollouts()).toEqual(['last']);
  });

  it('goes for pictures of screens by when they were taken', async () => {
    const facts = { bytes: Buffer.from('x'), mimeType: 'image/webp', width: 1, height: 1 } as const;
    await db.insert(machineThumbnails).values([
      { machineId, ...facts, takenAt: now - 31 * DAY },
      { machineId: other, ...facts, takenAt: now - 29 * DAY },
    ]);
    await sweepOnce(30);
    const left = await db.select().from(machineThumbnails);
    expect(left.map((row) => row.machineId)).toEqual([other]);
  });

  it('stays for good where that is the setting', async () => {
    await db.insert(machineCommands).values(command('accepted', 3_000));
    await sweepOnce(null);
    expect(await commands()).toHaveLength(1);
  });

  it('goes in parts, by the thousand, also while another server does the same', async () => {
    await db.insert(machineCommands).values(Array.from({ length: 1_200 }, () => command('expired', 31)));
    const told: object[] = [];
    const log = { ...SILENT, info: (fields: object) => void told.push(fields) } as Log;
    const both = [start(30, log), start(30, log)];
    await Promise.all(both.map((retention) => retention.sweep()));
    // One that found rows taken by the other leaves them; none is counted twice.
    await sweepOnce(30);
    await Promise.all(both.map((retention) => retention.close()));
    expect(await commands()).toEqual([]);
    const counted = told.map((fields) => ('commands' in fields ? Number(fields.commands) : 0));
    expect(counted.reduce((all, count) => all + count, 0)).toBeLessThanOrEqual(1_200);
  });

  it('is looked for once a day, and no more after the end', async () => {
    const retention = start(30);
    await retention.sweep();
    const row = command('accepted', 29.5);
    await db.insert(machineCommands).values(row);
    clock.advance(DAY);
    await retention.sweep();
    expect(await commands()).toEqual([]);
    await retention.close();
    await db.insert(machineCommands).values(row);
    clock.advance(2 * DAY);
    expect(await commands()).toEqual([row.id]);
  });

  it('goes when the server starts, by the setting, which leaves the audit log whole', async () => {
    const rows = [command('accepted', 20), command('accepted', 8)];
    await stage.admin.client.call('changeSettings', { body: { historyDays: 10 } });
    await db.insert(machineCommands).values(rows);
    const before = await stage.admin.client.call('listAudit', { query: { limit: 500 } });
    await stage.stop();
    stage = await setStage({ database: stage.database, adapt: keep });
    await vi.waitFor(async () => expect(await commands()).toEqual([rows[1]?.id]), { timeout: 10_000 });
    const after = await stage.admin.client.call('listAudit', { query: { limit: 500 } });
    expect(after.entries).toEqual(expect.arrayContaining(before.entries));
  });
});

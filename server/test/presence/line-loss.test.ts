import { PRESENCE_PING_MS, PRESENCE_PING_TIMEOUT_MS } from '@guruconnect/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMachineAgent } from './support/fake-machine-agent.ts';
import { type LineStage, setLineStage } from './support/line-stage.ts';
import { openOnlineLine } from './support/raw-line.ts';

describe('a machine whose line is lost', () => {
  let stage: LineStage;
  beforeEach(async () => {
    stage = await setLineStage();
  });
  afterEach(() => stage.close());

  it('is shown as offline within 30 s when its cable is cut, and not while it answers', async () => {
    const [cut, alive] = [await stage.enrol(), await stage.enrol()];
    const line = await openOnlineLine(stage.url, cut);
    const agent = await startMachineAgent(stage.url, alive);
    await stage.clock.pass(60_000);
    expect(await stage.rowIs(cut, ({ online }) => online)).toBeDefined();
    line.freeze();
    const cutAt = stage.clock.now();
    await stage.clock.pass(PRESENCE_PING_MS + PRESENCE_PING_TIMEOUT_MS + 1_000);
    const row = await stage.rowIs(cut, ({ online }) => !online);
    expect((row.seenAt ?? 0) - cutAt).toBeLessThan(30_000);
    expect((row.seenAt ?? 0) - cutAt).toBeGreaterThan(PRESENCE_PING_TIMEOUT_MS - 1);
    await stage.clock.pass(60_000);
    expect(stage.lines().isOnline(alive.machineId)).toBe(true);
    expect(await stage.row(alive)).toMatchObject({ online: true, version: 2 });
    agent.stop();
  });

  it('is not given up because the server itself stood still', async () => {
    const identity = await stage.enrol();
    const agent = await startMachineAgent(stage.url, identity);
    await stage.clock.pass(20_000);
    // Nothing is sent nor received for a minute.
    stage.clock.leap(60_000);
    await stage.clock.pass(30_000);
    expect(agent.socket.connected).toBe(true);
    expect(await stage.row(identity)).toMatchObject({ online: true, version: 2 });
    agent.stop();
  });

  it('stays shown as online while the server restarts, and is not written anew when it is back', async () => {
    const [back, gone] = [await stage.enrol(), await stage.enrol({ lastCheckInAt: 1_000 })];
    const agent = await startMachineAgent(stage.url, back, { reconnect: true });
    const other = await startMachineAgent(stage.url, gone);
    await stage.rowIs(back, ({ online }) => online);
    const { seenAt } = await stage.rowIs(gone, ({ online }) => online);
    agent.clear();
    await stage.halt();
    for (const one of [back, gone]) expect(await stage.row(one)).toMatchObject({ online: true, version: 2 });
    other.stop();
    await stage.start();
    await agent.next('hello');
    await stage.clock.pass(38_000);
    for (const one of [back, gone]) expect(await stage.row(one)).toMatchObject({ online: true, version: 2 });
    await stage.clock.pass(7_000);
    expect(await stage.rowIs(gone, ({ online }) => !online)).toMatchObject({ version: 3, seenAt });
    expect(await stage.row(back)).toMatchObject({ online: true, version: 2 });
    agent.stop();
  });

  it('costs one statement and one word to whoever shows machines, with many others', async () => {
    const identities = [];
    for (let at = 0; at < 20; at += 1) identities.push(await stage.enrol());
    const told: (readonly string[])[] = [];
    stage.feed.onChanged((ids) => void told.push(ids));
    const agents = await Promise.all(identities.map((one) => startMachineAgent(stage.url, one)));
    for (const one of identities) await stage.rowIs(one, ({ online }) => online);
    expect(told.flat().toSorted()).toEqual(identities.map((one) => one.machineId).toSorted());
    expect(told.length).toBeLessThan(8);
    for (const agent of agents) agent.stop();
  });
});

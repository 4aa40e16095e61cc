import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { openMachineAgent, startMachineAgent } from './support/fake-machine-agent.ts';
import { type LineStage, setLineStage } from './support/line-stage.ts';
import { makeKeyPair, makeStranger, signChallenge } from './support/machine-identity.ts';
import { answerChallenge, openOnlineLine, openRawLine, sayHello } from './support/raw-line.ts';

describe.each(DATABASE_KINDS)('the line of an always-on agent on $name', ({ create }) => {
  let stage: LineStage;
  beforeAll(async () => {
    stage = await setLineStage({ database: await create() });
  });
  afterAll(() => stage.close());

  it('is online once it has met the challenge, and is shown so with its address', async () => {
    const identity = await stage.enrol();
    const told: string[] = [];
    const stop = stage.feed.onChanged((ids) => void told.push(...ids));
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const agent = await startMachineAgent(stage.url, identity, { headers });
    expect(agent.all('hello')).toMatchObject([{ machineId: identity.machineId, protocol: 1 }]);
    const row = await stage.rowIs(identity, ({ online }) => online);
    expect(row).toMatchObject({ externalIp: '203.0.113.7', version: 2 });
    expect(Math.abs((row.seenAt ?? 0) - stage.clock.now())).toBeLessThan(5_000);
    expect(stage.lines().isOnline(identity.machineId)).toBe(true);
    expect(stage.lines().addressOf(identity.machineId)).toBe('203.0.113.7');
    // The row is there a moment before it is told.
    await expect.poll(() => told).toEqual([identity.machineId]);
    stop();
    agent.stop();
  });

  it('is offline within a second of a clean stop', async () => {
    const identity = await stage.enrol();
    const agent = await startMachineAgent(stage.url, identity);
    await stage.rowIs(identity, ({ online }) => online);
    const stoppedAt = performance.now();
    agent.stop();
    await stage.rowIs(identity, ({ online }) => !online);
    expect(performance.now() - stoppedAt).toBeLessThan(1_500);
  });

  it('is not shown as offline when it breaks off and is back at once', async () => {
    const identity = await stage.enrol();
    const line = await openOnlineLine(stage.url, identity);
    const { version } = await stage.rowIs(identity, ({ online }) => online);
    line.socket.terminate();
    await line.closed;
    const again = await startMachineAgent(stage.url, identity);
    await stage.clock.pass(3_000);
    expect(await stage.row(identity)).toMatchObject({ online: true, version });
    again.stop();
  });

  it('is refused with a signature of another key, which is written down', async () => {
    const identity = await stage.enrol();
    const thief = { ...makeKeyPair(), machineId: identity.machineId };
    await expect(startMachineAgent(stage.url, thief)).rejects.toMatchObject({ code: 'unauthenticated' });
    const rows = await stage.audits('presence.refused');
    expect(rows.at(-1)).toMatchObject({
      actor: `machine:${identity.machineId}`,
      address: '127.0.0.1',
      details: { reason: 'wrong-signature' },
    });
    expect(stage.lines().isOnline(identity.machineId)).toBe(false);
  });

  it('is told to stop when no such machine is enrolled, or it was removed', async () => {
    const removed = await stage.enrol({ removedAt: Date.now() });
    for (const identity of [makeStranger(), removed]) {
      await expect(startMachineAgent(stage.url, identity)).rejects.toMatchObject({ code: 'not-allowed' });
    }
  });

  it('is told to stop when its machine is removed while it is connected', async () => {
    const identity = await stage.enrol();
    const agent = await startMachineAgent(stage.url, identity);
    stage.lines().drop(identity.machineId);
    expect(await agent.refused).toMatchObject({ code: 'not-allowed' });
    expect(stage.lines().isOnline(identity.machineId)).toBe(false);
    await stage.rowIs(identity, ({ online }) => !online);
  });

  it('is told to stop when its machine is removed while it proves itself', async () => {
    const identity = await stage.enrol();
    const line = await openRawLine(stage.url);
    const nonce = await sayHello(line, identity);
    stage.lines().drop(identity.machineId);
    answerChallenge(line, identity, nonce);
    expect(await line.next('44')).toContain('"not-allowed"');
  });

  it('takes no answer to a challenge of another connection', async () => {
    const identity = await stage.enrol();
    const first = await openRawLine(stage.url);
    const heard = await sayHello(first, identity);
    const second = await openRawLine(stage.url);
    await sayHello(second, identity);
    answerChallenge(second, identity, heard);
    expect(await second.next('44')).toContain('"invalid-message"');
    expect(await second.closed).toBe(1000);
    first.socket.terminate();
  });

  it('takes an answer once', async () => {
    const identity = await stage.enrol();
    const line = await openRawLine(stage.url);
    const nonce = await sayHello(line, identity);
    answerChallenge(line, identity, nonce);
    await line.next('42/presence,["hello"');
    answerChallenge(line, identity, nonce);
    expect(await line.next('44')).toContain('"invalid-message"');
  });

  it('is closed when it does not prove itself in time', async () => {
    const identity = await stage.enrol();
    const silent = await openRawLine(stage.url);
    const halfway = openMachineAgent(stage.url, identity, { answer: () => undefined });
    await halfway.next('challenge');
    await stage.clock.pass(9_000);
    expect(silent.socket.readyState).toBe(silent.socket.OPEN);
    await stage.clock.pass(2_000);
    await silent.closed;
    await expect.poll(() => halfway.socket.connected).toBe(false);
  });

  it('is not opened for pages of other origins', async () => {
    const line = await openRawLine(stage.url, { origin: 'https://evil.example' });
    expect(await line.closed).toBe(1006);
    expect(line.frames).toEqual([]);
  });

  it('is given sessions to start, again after it broke, until nobody waits', async () => {
    const identity = await stage.enrol();
    const { machineId } = identity;
    const session = { sessionId: '9c1d7e30-42aa-4b6f-8f11-5a6b7c8d9e0f', token: 'A'.repeat(43) };
    expect(stage.lines().startSession(machineId, session)).toBe(false);
    const agent = await startMachineAgent(stage.url, identity, { reconnect: true });
    expect(stage.lines().startSession(machineId, session)).toBe(true);
    expect(await agent.next('start-session')).toMatchObject(session);
    agent.clear();
    agent.socket.io.engine.close();
    expect(await agent.next('start-session')).toMatchObject(session);
    stage.lines().stopSession(machineId, session.sessionId);
    expect(await agent.next('stop')).toMatchObject({ sessionId: session.sessionId });
    agent.clear();
    agent.socket.io.engine.close();
    await agent.next('hello');
    expect(stage.lines().checkIn(machineId, 500)).toBe(true);
    expect(await agent.next('check-in')).toMatchObject({ withinMs: 500 });
    expect(agent.all('start-session')).toEqual([]);
    agent.stop();
  });

  it('tells those who wait for the machine', async () => {
    const identity = await stage.enrol();
    const came = new Promise((resolve) => stage.lines().onOnline(resolve));
    const agent = await startMachineAgent(stage.url, identity);
    expect(await came).toBe(identity.machineId);
    agent.stop();
  });

  it('checks the challenge of the very machine', async () => {
    const [one, other] = [await stage.enrol(), await stage.enrol()];
    const line = openMachineAgent(stage.url, one, {
      answer: (nonce) => signChallenge({ ...one, machineId: other.machineId }, nonce),
    });
    expect(await line.refused).toMatchObject({ code: 'unauthenticated' });
  });
});

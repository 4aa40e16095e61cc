import { afterEach, describe, expect, it } from 'vitest';
import { DATABASE_KINDS, type TestDatabase } from '../support/test-databases.ts';
import { startAgent } from './support/fake-agent.ts';
import { openConsole } from './support/fake-console.ts';
import { createFakeLines } from './support/fake-lines.ts';
import { refusalOf } from './support/inbox.ts';
import {
  lookAt,
  type MachineStage,
  type MachineStageOptions,
  setMachineStage,
} from './support/machine-stage.ts';
import { createShiftedClock } from './support/shifted-clock.ts';

const QUICK = { sweepMs: 50, leaveMs: 100, returnMs: 100, recallMs: 50 };
/** Long enough to come and look on a busy computer. */
const EMPTY_MS = 2_500;
const SOON_EMPTY = { tuning: { machines: { ...QUICK, emptyMs: EMPTY_MS } } };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a session on a machine', () => {
  let stage: MachineStage;
  afterEach(() => stage.close());

  async function open(options: MachineStageOptions = { tuning: { machines: QUICK } }) {
    stage = await setMachineStage(options);
    const tess = await stage.hire('tess', 'technician');
    const machineId = await stage.addMachine(
      await stage.addCompany('Glazier', { consent: { kind: 'never' } }),
    );
    return { tess, machineId, ...(await stage.open(tess, machineId)) };
  }

  it('ends at once when the last one leaves, and stops at the machine first', async () => {
    const opened = await open();
    const { console, agent, session, machineId } = opened;
    await lookAt(opened, console);
    await console.ask('session:leave', { sessionId: session.id });
    const ended = await console.inbox.next('session:changed', (view) => view.lifecycle.phase === 'ended');
    expect(ended.lifecycle).toMatchObject({ reason: 'nobody-left' });
    expect(agent.inbox.all('session:end')).toEqual([{ reason: 'nobody-left' }]);
    expect(machineId).toBe(ended.machineId);
  });

  it('does not end under somebody who leaves to come back and ask for more', async () => {
    const opened = await open({ tuning: { machines: { ...QUICK, leaveMs: 3_000 } } });
    const { console, session, agent } = opened;
    await lookAt(opened, console, 'view');
    await console.ask('session:leave', { sessionId: session.id });
    console.inbox.clear();
    const { peerId } = await lookAt(opened, console, 'control');
    await sleep(3_500);
    expect(agent.peers.get(peerId)?.capabilities).toEqual(['view', 'control']);
    expect(agent.inbox.all('session:end')).toEqual([]);
  });

  it('ends when nobody looks any more for long, and not while somebody does', async () => {
    const opened = await open(SOON_EMPTY);
    const { console, session, agent } = opened;
    const { peerId } = await lookAt(opened, console);
    await sleep(EMPTY_MS + 1_000);
    expect(agent.inbox.all('session:end')).toEqual([]);
    const watching = await openConsole(stage.admin.client);
    await watching.ask('sessions:watch', {});
    agent.tell('peer:state', { peerId, state: 'closed' });
    console.close();
    const ended = await watching.inbox.next(
      'session:changed',
      (view) => view.id === session.id && view.lifecycle.phase === 'ended',
    );
    expect(ended.lifecycle).toMatchObject({ reason: 'nobody-left' });
    watching.close();
  });

  it('ends when nobody ever came to look', async () => {
    const { console } = await open(SOON_EMPTY);
    const ended = await console.inbox.next('session:changed', (view) => view.lifecycle.phase === 'ended');
    expect(ended.lifecycle).toMatchObject({ reason: 'nobody-left' });
  });

  it('waits for somebody who paused', async () => {
    const opened = await open(SOON_EMPTY);
    const { console, session, agent } = opened;
    await lookAt(opened, console);
    await console.ask('session:pause', { sessionId: session.id });
    await sleep(EMPTY_MS + 1_000);
    expect(agent.inbox.all('session:end')).toEqual([]);
    await console.ask('session:resume', { sessionId: session.id });
  });

  it('calls its host again, under the same agent and with a new token, when the machine is back', async () => {
    const { console, agent, session, token, machineId } = await open();
    await console.ask('session:join', { sessionId: session.id, wants: 'control' });
    stage.lines.goOffline(machineId);
    agent.close();
    const lost = await console.inbox.next('session:changed', (view) => view.endpoint.kind === 'lost');
    stage.lines.comeOnline(machineId);
    const call = await stage.lines.nextCall(machineId, 1);
    expect(call).toMatchObject({ sessionId: session.id });
    expect(call.token).not.toBe(token);
    expect(await refusalOf(startAgent(stage.url, token))).toBe('unauthenticated');
    console.inbox.clear();
    const again = await startAgent(stage.url, call.token);
    const back = await console.inbox.next('session:changed', (view) => view.endpoint.kind === 'agent');
    expect(back.endpoint).toMatchObject({ agentId: 'agentId' in lost.endpoint && lost.endpoint.agentId });
    // What was allowed stays allowed.
    expect(back.participants[0]?.grant.status).toBe('allowed');
    again.close();
  });

  it('leaves a host alone that comes back by itself after a short break', async () => {
    const { agent, session, token, machineId } = await open({
      tuning: { machines: { returnMs: 800, recallMs: 50 } },
    });
    const page = await openConsole(stage.admin.client);
    await page.ask('sessions:watch', {});
    agent.close();
    await page.inbox.next('session:changed', (view) => view.endpoint.kind === 'lost');
    stage.lines.comeOnline(machineId);
    const again = await startAgent(stage.url, token);
    await sleep(1_200);
    expect(stage.lines.calls.filter((one) => one.sessionId === session.id)).toHaveLength(1);
    expect(again.socket.connected).toBe(true);
    again.close();
    page.close();
  });

  it.each([
    ['nobody does anything', { sessionIdleMinutes: 30, sessionMaximumMinutes: null }, 'idle-timeout'],
    ['its time is over', { sessionIdleMinutes: null, sessionMaximumMinutes: 30 }, 'maximum-duration'],
  ] as const)('ends when %s, also while its technician paused', async (_when, settings, reason) => {
    const clock = createShiftedClock();
    const opened = await open({ clock: { ...clock, every: (ms, task) => everyQuick(ms, task) } });
    await stage.admin.client.call('changeSettings', { body: settings });
    const { console, session } = opened;
    await lookAt(opened, console);
    await console.ask('session:pause', { sessionId: session.id });
    clock.shift(31 * 60_000);
    const ended = await console.inbox.next('session:changed', (view) => view.lifecycle.phase === 'ended');
    expect(ended.lifecycle).toMatchObject({ reason });
  });
});

/** Only what sweeps runs: all else that is periodic would find the time that was skipped. */
function everyQuick(ms: number, task: () => void): () => void {
  if (ms !== 2_000) return () => undefined;
  const timer = setInterval(task, 100);
  return () => clearInterval(timer);
}

describe.each(DATABASE_KINDS)(
  'a restart of the server in the middle of a session on a machine, on $name',
  (kind) => {
    let database: TestDatabase;
    const stages: MachineStage[] = [];
    afterEach(async () => {
      for (const one of stages.splice(0)) await one.stop();
      await database.remove();
    });

    it('loses nothing: its host comes back by its token, and calls go on to be one session', async () => {
      database = await kind.create();
      const lines = createFakeLines();
      const tuning = { machines: { attachMs: 4_000, sweepMs: 100 } };
      const first = await setMachineStage({ database, lines, tuning });
      stages.push(first);
      const tess = await first.hire('tess', 'technician');
      const companyId = await first.addCompany('Glazier', { consent: { kind: 'never' } });
      const machineId = await first.addMachine(companyId);
      const silent = await first.addMachine(companyId);
      const opened = await first.open(tess, machineId, { reconnect: true });
      const { peerId } = await lookAt(opened, opened.console);
      const waiting = await tess.client.call('connectMachine', { params: { machineId: silent }, body: {} });
      const agentBack = new Promise<void>((resolve) => opened.agent.socket.once('connect', () => resolve()));
      await first.server.close();
      const again = await setMachineStage({
        database,
        lines,
        tuning,
        config: { port: Number(new URL(first.url).port) },
      });
      stages.push(again);
      await agentBack;
      const page = await openConsole(tess.client);
      const { sessions } = await page.ask('sessions:watch', {});
      const isBack = sessions.some((one) => one.id === opened.session.id && one.endpoint.kind === 'agent');
      expect(isBack).toBe(true);
      expect(opened.agent.peers.has(peerId)).toBe(true);
      const same = await tess.client.call('connectMachine', { params: { machineId }, body: {} });
      expect(same.id).toBe(opened.session.id);
      // What waited gets its host once the machine's line is back.
      lines.comeOnline(silent);
      const call = await lines.nextCall(silent, 1);
      expect(call.sessionId).toBe(waiting.id);
      const late = await startAgent(again.url, call.token);
      const view = await page.inbox.next(
        'session:changed',
        (one) => one.id === waiting.id && one.lifecycle.phase === 'open',
      );
      expect(view.endpoint.kind).toBe('agent');
      late.close();
      page.close();
    });
  },
);

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SWEEP_MS } from '../../src/sessions/session-sweeper.ts';
import { DATABASE_KINDS, type TestDatabase } from '../support/test-databases.ts';
import { startAgent } from './support/fake-agent.ts';
import { type FakeConsole, openConsole } from './support/fake-console.ts';
import { createFakeLines } from './support/fake-lines.ts';
import { refusalOf } from './support/inbox.ts';
import {
  lookAt,
  type MachineStage,
  type MachineStageOptions,
  setMachineStage,
} from './support/machine-stage.ts';
import { createShiftedClock } from './support/shifted-clock.ts';
import type { Person } from './support/stage.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens sessions on machines of a stage that all tests of a group share. */
function useStage(options: () => MachineStageOptions) {
  const held: { stage?: MachineStage; tess?: Person; companyId?: string } = {};
  beforeAll(async () => {
    held.stage = await setMachineStage(options());
    held.tess = await held.stage.hire('tess', 'technician');
    held.companyId = await held.stage.addCompany('Glazier', { consent: { kind: 'never' } });
  });
  const pages: FakeConsole[] = [];
  afterEach(() => {
    // Nobody counts as there in the next test who was in this one.
    for (const page of pages.splice(0)) page.close();
  });
  afterAll(() => held.stage?.close());
  return async () => {
    const { stage, tess, companyId } = held;
    if (!stage || !tess || !companyId) throw new Error('the stage is not set');
    const machineId = await stage.addMachine(companyId);
    const opened = await stage.open(tess, machineId);
    pages.push(opened.console);
    return { stage, machineId, ...opened };
  };
}

const endOf = (console: FakeConsole, sessionId: string) =>
  console.inbox.next('session:changed', (one) => one.id === sessionId && one.lifecycle.phase === 'ended');

describe('a session on a machine that serves nobody', () => {
  const LEAVE_MS = 1_500;
  const open = useStage(() => ({ tuning: { machines: { sweepMs: 50, leaveMs: LEAVE_MS } } }));

  it('ends at once when the last one leaves, and stops at the machine first', async () => {
    const opened = await open();
    const { console, agent, session } = opened;
    await lookAt(opened, console);
    await console.ask('session:leave', { sessionId: session.id });
    const leftAt = Date.now();
    const ended = await endOf(console, session.id);
    expect(ended.lifecycle).toMatchObject({ reason: 'nobody-left' });
    expect(Date.now() - leftAt).toBeLessThan(LEAVE_MS + 2_000);
    expect(agent.inbox.all('session:end')).toEqual([{ reason: 'nobody-left' }]);
  });

  it('does not end under somebody who leaves to come back and ask for more', async () => {
    const opened = await open();
    const { console, session, agent } = opened;
    await lookAt(opened, console, 'view');
    await console.ask('session:leave', { sessionId: session.id });
    console.inbox.clear();
    const { peerId } = await lookAt(opened, console, 'control');
    await sleep(LEAVE_MS + 500);
    expect(agent.peers.get(peerId)?.capabilities).toEqual(['view', 'control']);
    expect(agent.inbox.all('session:end')).toEqual([]);
  });
});

describe('a session on a machine that nobody looks at', () => {
  /** Long enough to come and look on a busy computer. */
  const EMPTY_MS = 2_500;
  const open = useStage(() => ({ tuning: { machines: { sweepMs: 50, emptyMs: EMPTY_MS } } }));

  it('ends after a while, and not while somebody looks', async () => {
    const opened = await open();
    const { stage, console, session, agent } = opened;
    const { peerId } = await lookAt(opened, console);
    await sleep(EMPTY_MS + 1_000);
    expect(agent.inbox.all('session:end')).toEqual([]);
    const watching = await openConsole(stage.admin.client);
    await watching.ask('sessions:watch', {});
    agent.tell('peer:state', { peerId, state: 'closed' });
    console.close();
    expect((await endOf(watching, session.id)).lifecycle).toMatchObject({ reason: 'nobody-left' });
    watching.close();
  });

  it('ends when nobody ever came', async () => {
    const { console, session } = await open();
    expect((await endOf(console, session.id)).lifecycle).toMatchObject({ reason: 'nobody-left' });
  });

  it('waits for somebody who paused, and for the machine while their page is open', async () => {
    const paused = await open();
    await lookAt(paused, paused.console);
    await paused.console.ask('session:pause', { sessionId: paused.session.id });
    const away = await open();
    await lookAt(away, away.console);
    away.agent.close();
    await sleep(EMPTY_MS + 1_000);
    expect(paused.agent.inbox.all('session:end')).toEqual([]);
    await paused.console.ask('session:resume', { sessionId: paused.session.id });
    // The viewer died with its machine; whoever looked has gone now.
    const { stage, session } = away;
    const watching = await openConsole(stage.admin.client);
    const { sessions } = await watching.ask('sessions:watch', {});
    expect(sessions.find((one) => one.id === session.id)?.lifecycle.phase).toBe('open');
    away.console.close();
    paused.console.close();
    expect((await endOf(watching, session.id)).lifecycle).toMatchObject({ reason: 'nobody-left' });
    watching.close();
  });
});

describe('the host of a session on a machine', () => {
  const RETURN_MS = 1_500;
  const open = useStage(() => ({ tuning: { machines: { returnMs: RETURN_MS, recallMs: 50 } } }));

  it('is called again, as the same agent and with a new token, when the machine is back', async () => {
    const { stage, console, agent, session, token, machineId } = await open();
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

  it('is left alone when it comes back by itself after a short break', async () => {
    const { stage, console, agent, session, token, machineId } = await open();
    agent.close();
    await console.inbox.next('session:changed', (view) => view.endpoint.kind === 'lost');
    stage.lines.comeOnline(machineId);
    const again = await startAgent(stage.url, token);
    await sleep(RETURN_MS + 500);
    expect(stage.lines.calls.filter((one) => one.sessionId === session.id)).toHaveLength(1);
    expect(again.socket.connected).toBe(true);
    again.close();
  });
});

describe('the limits of every session', () => {
  const clock = createShiftedClock();
  const open = useStage(() => ({ clock: { ...clock, every: everyQuick } }));

  it.each([
    ['nobody does anything', { sessionIdleMinutes: 30, sessionMaximumMinutes: null }, 'idle-timeout'],
    ['its time is over', { sessionIdleMinutes: null, sessionMaximumMinutes: 30 }, 'maximum-duration'],
  ] as const)(
    'end one on a machine when %s, also while its technician paused',
    async (_when, settings, reason) => {
      const opened = await open();
      const { stage, console, session } = opened;
      await stage.admin.client.call('changeSettings', { body: settings });
      await lookAt(opened, console);
      await console.ask('session:pause', { sessionId: session.id });
      clock.shift(31 * 60_000);
      expect((await endOf(console, session.id)).lifecycle).toMatchObject({ reason });
    },
  );
});

/** Only what sweeps runs: all else that is periodic would find the time that was skipped. */
function everyQuick(ms: number, task: () => void): () => void {
  if (ms !== SWEEP_MS) return () => undefined;
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
      const tuning = { machines: { sweepMs: 100 } };
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

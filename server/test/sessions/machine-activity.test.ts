import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MachineSessions } from '../../src/core/machine-ports.ts';
import { createTunedSessions } from '../../src/sessions/sessions-feature.ts';
import { refusalOf } from './support/inbox.ts';
import { lookAt, type MachineStage, setMachineStage } from './support/machine-stage.ts';
import type { Person } from './support/stage.ts';

describe('who is on a machine now', () => {
  let stage: MachineStage;
  let port: MachineSessions;
  let tess: Person;
  let otto: Person;
  let companyId: string;

  beforeAll(async () => {
    stage = await setMachineStage({
      build: (deps, tuning) => {
        const feature = createTunedSessions(deps, tuning);
        port = feature.machineSessions;
        return feature;
      },
    });
    tess = await stage.hire('tess', 'technician');
    otto = await stage.hire('otto', 'technician');
    companyId = await stage.addCompany('Glazier', { consent: { kind: 'never' } });
  });
  afterAll(() => stage.close());

  const actorOf = ({ userId }: Person) => ({ userId, role: 'technician', teamId: null }) as const;
  /** Waits for a change that is told of the machine. */
  const changeOf = (machineId: string, fits: () => boolean) =>
    new Promise<void>((resolve) => {
      const stop = stage.feed.onChanged((ids) => {
        if (!ids.includes(machineId) || !fits()) return;
        stop();
        resolve();
      });
    });

  it('is told with its changes: a session, somebody who looks, nobody again', async () => {
    const machineId = await stage.addMachine(companyId);
    expect(port.activityOf(machineId)).toEqual({ hosts: [], sessionId: null });
    const begins = changeOf(machineId, () => port.activityOf(machineId).sessionId !== null);
    const opened = await stage.open(tess, machineId, { visibility: 'private' });
    await begins;
    expect(port.activityOf(machineId)).toEqual({ hosts: [], sessionId: opened.session.id });
    expect(port.hosted().has(machineId)).toBe(false);

    const looks = changeOf(machineId, () => port.hosted().has(machineId));
    const { peerId } = await lookAt(opened, opened.console);
    await looks;
    expect(port.activityOf(machineId).hosts).toEqual([{ userId: tess.userId, name: 'Mx tess' }]);

    const goes = changeOf(machineId, () => !port.hosted().has(machineId));
    opened.agent.tell('peer:state', { peerId, state: 'closed' });
    await goes;
    const ends = changeOf(machineId, () => port.activityOf(machineId).sessionId === null);
    await tess.client.call('endSession', { params: { sessionId: opened.session.id } });
    await ends;
  });

  it('is hidden from people who may not see the session', async () => {
    const machineId = await stage.addMachine(companyId);
    const opened = await stage.open(tess, machineId, { visibility: 'private' });
    await lookAt(opened, opened.console);
    expect(port.activityOf(machineId, actorOf(tess)).hosts).toHaveLength(1);
    expect(port.activityOf(machineId, actorOf(otto))).toEqual({ hosts: [], sessionId: null });
  });

  it('ends with a machine that goes', async () => {
    const machineId = await stage.addMachine(companyId);
    const { session, agent } = await stage.open(tess, machineId);
    await port.endAll(machineId);
    expect(agent.inbox.all('session:end')).toEqual([{ reason: 'admin-ended' }]);
    const gone = tess.client.call('endSession', { params: { sessionId: session.id } });
    expect(await refusalOf(gone)).toBe('illegal-transition');
    await port.endAll(machineId);
  });
});

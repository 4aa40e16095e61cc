import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMachineAgent, startMachineAgent } from './support/fake-machine-agent.ts';
import { type LineStage, setLineStage } from './support/line-stage.ts';
import { signChallenge } from './support/machine-identity.ts';
import { openOnlineLine } from './support/raw-line.ts';

const DAY_MS = 24 * 60 * 60_000;

describe('a second computer with the identity of a machine', () => {
  let stage: LineStage;
  beforeAll(async () => {
    stage = await setLineStage();
  });
  afterAll(() => stage.close());
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

  it('is refused while the first one answers, flagged, and written down with both addresses', async () => {
    const identity = await stage.enrol();
    const first = await startMachineAgent(stage.url, identity, from('198.51.100.1'));
    const second = startMachineAgent(stage.url, identity, from('198.51.100.2'));
    await expect(second).rejects.toMatchObject({ code: 'conflict' });
    await stage.rowIs(identity, ({ clonedAt }) => clonedAt !== null);
    expect(stage.lines().addressOf(identity.machineId)).toBe('198.51.100.1');
    expect(first.socket.connected).toBe(true);
    expect(await stage.audits('machine.cloned')).toMatchObject([
      {
        actor: `machine:${identity.machineId}`,
        address: '198.51.100.2',
        details: { firstAddress: '198.51.100.1', secondAddress: '198.51.100.2' },
      },
    ]);
    const again = startMachineAgent(stage.url, identity, from('198.51.100.2'));
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    expect(await stage.audits('machine.cloned')).toHaveLength(1);
    first.stop();
  });

  it('is forgotten after a day without it', async () => {
    const identity = await stage.enrol({ clonedAt: stage.clock.now() - DAY_MS + 30 * 60_000 });
    await stage.clock.pass(11 * 60_000);
    expect(await stage.row(identity)).toMatchObject({ clonedAt: expect.any(Number), version: 1 });
    await stage.clock.pass(30 * 60_000);
    await stage.rowIs(identity, ({ clonedAt, version }) => clonedAt === null && version === 2);
  });

  it('takes the place of a line that answers no more', async () => {
    const identity = await stage.enrol();
    let answers = 0;
    const first = await startMachineAgent(stage.url, identity, {
      ...from('198.51.100.1'),
      answer: (nonce) => {
        answers += 1;
        return answers === 1 ? signChallenge(identity, nonce) : undefined;
      },
    });
    first.clear();
    const second = openMachineAgent(stage.url, identity, from('198.51.100.2'));
    await first.next('challenge');
    await stage.clock.pass(5_500);
    await second.next('hello');
    expect(stage.lines().addressOf(identity.machineId)).toBe('198.51.100.2');
    expect(await stage.rowIs(identity, ({ externalIp }) => externalIp === '198.51.100.2')).toMatchObject({
      clonedAt: null,
      online: true,
    });
    second.stop();
  });

  it('takes the place at once when the first one leaves meanwhile', async () => {
    const identity = await stage.enrol();
    const first = await openOnlineLine(stage.url, identity);
    first.freeze();
    const second = openMachineAgent(stage.url, identity);
    await second.next('challenge');
    first.socket.terminate();
    await second.next('hello');
    second.stop();
  });

  it('leaves one of three that come at once', async () => {
    const identity = await stage.enrol();
    const agents = [1, 2, 3].map(() => openMachineAgent(stage.url, identity));
    const outcomes = await Promise.all(
      agents.map((agent) => Promise.race([agent.next('hello').then(() => 'online'), agent.refused])),
    );
    expect(outcomes.filter((outcome) => outcome === 'online')).toHaveLength(1);
    for (const agent of agents) agent.stop();
  });
});

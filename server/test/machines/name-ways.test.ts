import { createHmac } from 'node:crypto';
import { apiRoutes, GuruError } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { type Stage, setStage } from '../sessions/support/stage.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { enrolMachine, makeInstaller, newMachineKey, signRequest } from './support/enrol-machine.ts';

const STUN = { urls: 'stun:stun.example:3478' };
const TURN = { urls: 'turn:turn.example:3478?transport=udp' };
const config = { iceServers: [STUN, TURN], turnSecret: 'shared' };

describe.each(DATABASE_KINDS)('the ways of sessions on $name', (kind) => {
  let stage: Stage;
  let token: string;

  beforeAll(async () => {
    stage = await setStage({ kind, config });
    ({ token } = await makeInstaller(stage.admin.client));
  });
  afterAll(() => stage.close());

  it('are named to a machine that signs, with credentials that end within minutes', async () => {
    const machine = await enrolMachine(stage.url, token);
    const { status, body } = await machine.send(machine.signed('nameWays', {}));
    expect(status).toBe(200);
    const { iceServers } = z.parse(apiRoutes.nameWays.reply, body);
    expect(iceServers[0]).toEqual(STUN);
    const { username = '', credential, urls } = iceServers[1] ?? { urls: '' };
    expect(urls).toBe(TURN.urls);
    const [expiry, name] = username.split(':');
    expect(name).toBe(machine.machineId);
    const leftSeconds = Number(expiry) - Date.now() / 1000;
    expect(leftSeconds).toBeGreaterThan(500);
    expect(leftSeconds).toBeLessThan(700);
    expect(credential).toBe(createHmac('sha1', 'shared').update(username).digest('base64'));
  });

  it('are named once for a request, and not to who has another key', async () => {
    const machine = await enrolMachine(stage.url, token);
    const wire = machine.signed('nameWays', {});
    expect((await machine.send(wire)).status).toBe(200);
    expect((await machine.send(wire)).status).toBe(401);
    const forged = signRequest(newMachineKey(), machine.machineId, 'nameWays', {}, Date.now() + 10);
    const { status, body } = await machine.send(forged);
    expect(status).toBe(401);
    expect(JSON.stringify(body)).not.toContain('turn.example');
    // The service's own check-in goes on as before.
    expect((await machine.checkIn()).checkInSeconds).toBeGreaterThan(0);
  });

  it('are no more named to a machine that asks all the time', async () => {
    const machine = await enrolMachine(stage.url, token);
    let answer = await machine.send(machine.signed('nameWays', {}));
    for (let times = 0; answer.status === 200 && times < 50; times += 1) {
      answer = await machine.send(machine.signed('nameWays', {}));
    }
    expect(answer.status).toBe(new GuruError('too-many-requests', '').status);
  });
});

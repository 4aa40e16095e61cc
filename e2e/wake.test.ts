import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { newInstaller } from '../server/test/support/new-installer.ts';
import { runAgentCommand, startServiceProcess } from '../tools/stack/always-on-agent.ts';
import { type NetworkNamespace, namespacesUnavailable } from './support/network-namespace.ts';
import type { Stack } from './support/stack.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';
import { until } from './support/until.ts';

const WAKE_PORT = 9;
const unavailable = namespacesUnavailable();

describe.skipIf(unavailable !== undefined)(
  `waking a machine${unavailable ? ` (${unavailable})` : ''}`,
  () => {
    const stage = stageOfThisFile();
    let stack: Stack;
    let namespace: NetworkNamespace;
    let token: string;

    beforeAll(async () => {
      stack = await stage.startStack();
      namespace = await stage.createNamespace(stack);
      const { companyId } = await stack.admin.call('createCompany', { body: { name: 'Acme' } });
      const made = await stack.admin.call('createInstaller', { body: newInstaller(companyId) });
      token = made.token;
    });

    /** Enrols a machine and starts its agent, in a network namespace or outside of it. */
    async function start(wrap?: NetworkNamespace['inside']) {
      const stateDir = stage.newFolder('machine-');
      const place = { root: ROOT, stateDir, ...(wrap ? { wrap } : {}) };
      await runAgentCommand(['--enrol', '--server', stack.url, '--token', token], place);
      const { machineId } = JSON.parse(readFileSync(join(stateDir, 'identity.json'), 'utf8')).enrolment;
      const service = await startServiceProcess(place);
      stage.defer(() => service.stop());
      const details = () => stack.admin.call('getMachine', { params: { machineId } });
      await until('the server knows its networks', async () => (await details()).macs.length > 0, 20_000);
      return { machineId, service, details };
    }

    async function listen(): Promise<{ socket: Socket; packets: Buffer[] }> {
      const socket = createSocket({ type: 'udp4', reuseAddr: true });
      const packets: Buffer[] = [];
      socket.on('message', (packet) => packets.push(packet));
      socket.bind(WAKE_PORT);
      await once(socket, 'listening');
      stage.defer(() => socket.close());
      return { socket, packets };
    }

    test('another agent of its network sends the magic packet over the cable (U8)', async () => {
      const sleeper = await start();
      await start(namespace.inside);
      const wake = () => stack.admin.call('wakeMachine', { params: { machineId: sleeper.machineId } });
      await expect(wake()).rejects.toMatchObject({ code: 'conflict', details: { reason: 'online' } });

      await sleeper.service.stop();
      await until('it is offline', async () => !(await sleeper.details()).row.online);
      const { packets } = await listen();
      expect((await sleeper.details()).canBeWoken).toBe(true);
      expect(await wake()).toEqual({ askedAgents: 1 });
      const { macs } = await sleeper.details();
      const wanted = macs.map((mac) => `ffffffffffff${mac.replaceAll(':', '').repeat(16)}`);
      await until('the packets are there', () => {
        const came = packets.map((packet) => packet.toString('hex'));
        return wanted.every((one) => came.filter((other) => other === one).length >= 3);
      });
      expect(packets.every((packet) => packet.length === 102)).toBe(true);
    });
  },
);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiReply, apiRoutes } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import type { MachineLines } from '../../src/core/machine-ports.ts';
import {
  enrolMachine,
  type FakeMachine,
  inventoryOf,
  makeInstaller,
  sendWire,
} from '../machines/support/enrol-machine.ts';
import { startMachineAgent } from '../presence/support/fake-machine-agent.ts';
import { sha256, writeWindowsBuild } from '../releases/support/windows-build.ts';
import { type Stage, setStage } from '../sessions/support/stage.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';

type Release = Pick<ApiReply<'agentUpdate'>, 'version' | 'manifestSha256'>;

const WAIT = { timeout: 30_000, interval: 1_500 };
const MANIFEST = 'ab'.repeat(32);
const REPORT = { toVersion: '9.0.0', manifestSha256: MANIFEST, outcome: 'updated', reason: '' };

describe.each(DATABASE_KINDS)('what agents ask about updates on $name', (kind) => {
  let stage: Stage;
  const windowsBuildDir = mkdtempSync(join(tmpdir(), 'gc-windows-'));
  let lines: MachineLines;
  let token: string;

  beforeAll(async () => {
    stage = await setStage({
      kind,
      config: { windowsBuildDir },
      adapt: (deps) => {
        lines = deps.lines;
        return deps;
      },
    });
    ({ token } = await makeInstaller(stage.admin.client));
  });
  afterAll(async () => {
    await stage.close();
    rmSync(windowsBuildDir, { recursive: true });
  });

  async function machineOf(family: 'windows' | 'linux', agentVersion: string): Promise<FakeMachine> {
    const machine = await enrolMachine(stage.url, token, { agentVersion });
    const os = { ...inventoryOf({}).os, family };
    await machine.checkIn({ inventory: inventoryOf({ agentVersion, inventory: { os } }) });
    return machine;
  }

  it('is answered where nothing is rolled out: they keep what they have and ask again', async () => {
    const machine = await machineOf('windows', '0.0.1');
    const { status, body } = await machine.send(machine.signed('agentUpdate', undefined));
    expect(status).toBe(200);
    expect(body).toMatchObject({ version: '0.0.1', manifestSha256: '', wanted: false });
    expect((await machine.send(machine.signed('agentUpdateReport', REPORT))).body).toEqual({});
    const { versions } = await stage.admin.client.call('getUpdates');
    expect(versions.map(({ version }) => version)).toContain('0.0.1');
  });

  it.each([
    ['agentUpdate', undefined],
    ['agentUpdateReport', REPORT],
  ] as const)('is taken once: %s', async (name, body) => {
    const machine = await machineOf('windows', '0.0.1');
    const wire = machine.signed(name, body);
    const answers = await Promise.all(Array.from({ length: 6 }, () => machine.send(wire)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
    // An older one after a newer one is as bad, whatever was asked.
    const old = machine.signed(name, body, Date.now() - 10_000);
    expect((await machine.send(old)).status).toBe(401);
  });

  it('is refused from a machine that asks without an end', async () => {
    const machine = await machineOf('windows', '0.0.1');
    const statuses: number[] = [];
    for (let i = 0; i < 32; i += 1) {
      statuses.push((await machine.send(machine.signed('agentUpdate', undefined))).status);
    }
    expect(statuses.slice(0, 30).every((status) => status === 200)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
  });

  it('is asked when the server tells them of a version on their line', async () => {
    const machine = await machineOf('windows', '0.0.1');
    const release = { version: '9.0.0', manifestSha256: MANIFEST };
    expect(lines.update(machine.machineId, release)).toBe(false);
    const agent = await startMachineAgent(stage.url, machine);
    expect(lines.update(machine.machineId, release)).toBe(true);
    expect(await agent.next('update')).toEqual({ type: 'update', ...release });
    agent.stop();
  });

  it('shows machines of every system as outdated that are older than the server', async () => {
    const counts = async () => {
      const { counts: all } = await stage.admin.client.call('countMachines');
      return all.find(({ key }) => key === 'smart:outdated')?.count ?? 0;
    };
    const client = stage.admin.client;
    for (const family of ['windows', 'linux'] as const) {
      const old = await machineOf(family, '0.0.2');
      const { row, update } = await client.call('getMachine', { params: { machineId: old.machineId } });
      expect(row.outdated).toBe(true);
      expect(update?.state).toBe('outdated');
      expect(update?.reason).not.toBe('');
      const query = { query: 'is:outdated', sort: 'name', limit: 200 } as const;
      const { machines } = await client.call('listMachines', { query });
      expect(machines.map(({ machineId }) => machineId)).toContain(old.machineId);
    }
    expect(await counts()).toBeGreaterThanOrEqual(2);
    const young = await machineOf('windows', '99.0.0');
    const { update } = await client.call('getMachine', { params: { machineId: young.machineId } });
    expect(update).toEqual({ state: 'current', reason: '' });
  });

  it('leads to the signed manifest of what was built, and to the next one when that is built anew', async () => {
    const machine = await machineOf('windows', '0.0.3');
    const params = { machineId: machine.machineId };
    const asked = async () =>
      z.parse(
        apiRoutes.agentUpdate.reply,
        (await machine.send(machine.signed('agentUpdate', undefined))).body,
      );
    const report = async (outcome: 'updated' | 'rolled-back', { version, manifestSha256 }: Release) => {
      const reason = outcome === 'updated' ? '' : 'The new version did not connect.';
      const body = { toVersion: version, manifestSha256, outcome, reason };
      expect((await machine.send(machine.signed('agentUpdateReport', body))).status).toBe(200);
    };
    const details = () => stage.admin.client.call('getMachine', { params });
    const failed = async () => {
      const query = { query: 'is:update-failed' };
      const { machines } = await stage.admin.client.call('listMachines', { query });
      return machines.map(({ machineId }) => machineId);
    };
    const appears = (version: string) => {
      writeWindowsBuild(windowsBuildDir, { version });
      return vi.waitFor(async () => {
        const answer = await asked();
        expect(answer).toMatchObject({ version, wanted: true });
        return answer;
      }, WAIT);
    };

    const first = await appears('0.0.4');
    const manifest = await fetch(
      `${stage.url}/download/release/win32-x64/${first.manifestSha256}/manifest.json`,
    );
    expect(sha256(new Uint8Array(await manifest.arrayBuffer()))).toBe(first.manifestSha256);
    expect((await details()).update).toEqual({ state: 'updating', reason: '' });
    await report('updated', first);
    expect((await details()).row.agentVersion).toBe('0.0.4');
    expect((await asked()).wanted).toBe(false);

    const second = await appears('0.0.5');
    expect(second.manifestSha256).not.toBe(first.manifestSha256);
    await report('rolled-back', second);
    expect((await asked()).wanted).toBe(false);
    expect((await details()).update).toEqual({
      state: 'failed',
      reason: 'The new version did not connect.',
    });
    expect(await failed()).toEqual([machine.machineId]);
    await stage.admin.client.call('retryUpdates', { body: { machineIds: [machine.machineId] } });
    expect((await asked()).wanted).toBe(true);
    expect(await failed()).toEqual([]);
  });

  it('gives a machine that knows the server by another address programs that know that address', async () => {
    writeWindowsBuild(windowsBuildDir, { version: '0.0.6' });
    const elsewhere = stage.url.replace('127.0.0.1', 'localhost');
    const near = await machineOf('windows', '0.0.3');
    const far = await machineOf('windows', '0.0.3');
    const ask = async (url: string, machine: FakeMachine) =>
      z.parse(
        apiRoutes.agentUpdate.reply,
        (await sendWire(url, machine.signed('agentUpdate', undefined))).body,
      );
    const [here, there] = await vi.waitFor(async () => {
      const answers = [await ask(stage.url, near), await ask(elsewhere, far)] as const;
      for (const answer of answers) expect(answer).toMatchObject({ version: '0.0.6', wanted: true });
      return answers;
    }, WAIT);
    expect(there.manifestSha256).not.toBe(here.manifestSha256);
    const manifest = await fetch(
      `${elsewhere}/download/release/win32-x64/${there.manifestSha256}/manifest.json`,
    );
    expect(sha256(new Uint8Array(await manifest.arrayBuffer()))).toBe(there.manifestSha256);
    // Both are the same roll-out.
    const body = { ...REPORT, toVersion: '0.0.6', manifestSha256: there.manifestSha256 };
    expect((await sendWire(elsewhere, far.signed('agentUpdateReport', body))).status).toBe(200);
    const { rings, version } = await stage.admin.client.call('getUpdates');
    expect(version).toBe('0.0.6');
    expect(rings[0]?.updated).toBeGreaterThanOrEqual(1);
    const { row } = await stage.admin.client.call('getMachine', { params: { machineId: far.machineId } });
    expect(row.agentVersion).toBe('0.0.6');
  });
});

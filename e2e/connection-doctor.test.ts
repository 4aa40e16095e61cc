import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasTurnServer, startTurnServer, type TurnServer } from '../agent/test/support/turn-server.ts';
import { newInstaller } from '../server/test/support/new-installer.ts';
import type { Stack } from './support/stack.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';
import { connectPresence } from './support/windows/presence-client.ts';

const run = promisify(execFile);
const stage = stageOfThisFile();

describe.skipIf(!hasTurnServer)('the connection doctor of an enrolled machine', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'gc-doctor-'));
  let stack: Stack;
  let turn: TurnServer;

  const agent = async (...args: string[]) => {
    const main = join(ROOT, 'dist/agent/main.mjs');
    const { stdout } = await run(process.execPath, [main, ...args, '--state-dir', stateDir]);
    return stdout;
  };

  beforeAll(async () => {
    stage.defer(async () => rmSync(stateDir, { recursive: true, force: true }));
    turn = await startTurnServer();
    stage.defer(() => turn.stop());
    const at = `127.0.0.1:${turn.port}`;
    const iceServers = [{ urls: `stun:${at}` }, { urls: `turn:${at}?transport=udp` }];
    stack = await stage.startStack({
      env: { ICE_SERVERS: JSON.stringify(iceServers), TURN_SECRET: turn.secret },
    });
    const { companyId } = await stack.admin.call('createCompany', { body: { name: 'Harbour Clinic' } });
    const { token } = await stack.admin.call('createInstaller', {
      body: newInstaller(companyId),
    });
    await agent('--enrol', '--server', stack.url, '--token', token);
  });

  test('gets a place at TURN with what the server gives it, and the line of the service stays (U3)', async () => {
    const identity = JSON.parse(readFileSync(join(stateDir, 'identity.json'), 'utf8'));
    const line = await connectPresence(identity);
    stage.defer(() => line.close());
    const output = await agent('--diagnose');
    expect(output).toMatch(/ok {4}STUN over UDP at .+from outside this computer is 127\.0\.0\.1/);
    expect(output).toMatch(/ok {4}TURN over UDP at .+: It gives this computer a place and took it back/);
    expect(output).toMatch(/ok {4}Relay at 127\.0\.0\.1, port \d+: A WebSocket opens/);
    expect(output).toMatch(/Sessions: They go directly where networks allow it, else through the TURN/);
    expect(line.connected).toBe(true);
    const params = { machineId: identity.enrolment.machineId };
    await expect.poll(async () => (await stack.admin.call('getMachine', { params })).row.online).toBe(true);
    const { entries } = await stack.admin.call('listAudit', { query: { limit: 200 } });
    const refusals = ['machine.cloned', 'machine-request.refused'];
    expect(entries.filter(({ action }) => refusals.includes(action))).toEqual([]);
  });
});

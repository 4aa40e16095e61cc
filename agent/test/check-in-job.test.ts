import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { machineCommandText } from '@guruconnect/shared';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runAgent, runCommand } from './support/agent-program.ts';
import { MachineServer } from './support/machine-server.ts';

let server: MachineServer;
let dir: string;

beforeEach(async () => {
  server = new MachineServer();
  await server.start();
  dir = path.join(await mkdtemp(path.join(tmpdir(), 'gc-machine-')), 'state');
});
afterEach(async () => {
  await server.stop();
  await rm(path.dirname(dir), { recursive: true });
});

const checkIn = () => runAgent(['--check-in'], { GURUCONNECT_STATE_DIR: dir });

it('enrols with the token of a file, and checks in once when asked, with all that its reply wants', async () => {
  const tokenFile = path.join(path.dirname(dir), 'token');
  await writeFile(tokenFile, `${server.token}\n`);
  const env = {
    GURUCONNECT_SERVER: server.origin,
    GURUCONNECT_TOKEN_FILE: tokenFile,
    GURUCONNECT_STATE_DIR: dir,
  };
  expect((await runCommand(['--enrol'], env)).code).toBe(0);
  await runCommand(['--reconfigure', '--site', 'Annex'], env);
  server.reply = { wantsInventory: true };
  const first = checkIn();
  await server.until(() => server.checkIns.length === 1);
  server.reply = {};
  expect(await first).toMatchObject({ code: 0 });
  expect(server.checkIns.map((one) => [one.reconfigure?.site, one.inventory?.os.family])).toEqual([
    ['Annex', undefined],
    [undefined, 'linux'],
  ]);
});

it('tells what became of a command before anything is done, and each command is one time only', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serverPublicKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');
  const enrol = ['--enrol', '--server', server.origin, '--token', server.token, '--state-dir', dir];
  expect((await runCommand(enrol)).code).toBe(0);
  server.reply = { serverPublicKey };
  expect((await checkIn()).code).toBe(0);
  const identity = JSON.parse(await readFile(path.join(dir, 'identity.json'), 'utf8'));
  const command = {
    commandId: randomUUID(),
    // Not for this system: nobody's computer restarts in a test.
    kind: 'safe' as const,
    issuedAt: Date.now(),
    expiresAt: Date.now() + 60_000,
  };
  const text = Buffer.from(machineCommandText(identity.enrolment.machineId, command));
  const signature = sign('sha256', text, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
    'base64url',
  );
  server.reply = { serverPublicKey, commands: [{ ...command, signature }] };
  await checkIn();
  await checkIn();
  const results = server.checkIns.flatMap((one) => one.commandResults ?? []);
  expect(results).toEqual([
    { commandId: command.commandId, outcome: 'refused', reason: expect.stringContaining('Windows') },
  ]);
});

it('says why it failed', async () => {
  const { code, output } = await checkIn();
  expect(output).toContain('This computer is not enrolled yet.');
  expect(code).toBe(1);
});

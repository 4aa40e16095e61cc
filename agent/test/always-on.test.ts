import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runAgent, ServiceProgram } from './support/agent-program.ts';
import { MachineServer } from './support/machine-server.ts';

let server: MachineServer;
let dir: string;
let service: ServiceProgram | undefined;

beforeEach(async () => {
  server = new MachineServer();
  await server.start();
  dir = path.join(await mkdtemp(path.join(tmpdir(), 'gc-machine-')), 'state');
});
afterEach(async () => {
  await service?.stop();
  service = undefined;
  await server.stop();
  await rm(path.dirname(dir), { recursive: true });
});

const enrol = (...more: string[]) =>
  runAgent(['--enrol', ...['--server', server.origin, '--token', server.token, '--state-dir', dir], ...more]);
const serve = () => new ServiceProgram(['--state-dir', dir, '--log', 'debug']);
const identity = async () => JSON.parse(await readFile(path.join(dir, 'identity.json'), 'utf8'));

it('enrols with a key that stays here, comes online, checks in and tells its inventory when it is wanted', async () => {
  server.reply = { wantsInventory: true };
  const enrolled = await enrol('--site', 'Berlin', '--property', 'asset=4711');
  expect(enrolled.output).toMatch(/^This computer is enrolled as .+ of Acme\.$/m);
  expect(enrolled.code).toBe(0);
  const { privateKey } = await identity();
  expect(JSON.stringify(server.enrolments)).not.toContain(privateKey);
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
  expect((await stat(path.join(dir, 'identity.json'))).mode & 0o777).toBe(0o600);

  service = serve();
  await server.until(() => server.online.size === 1 && server.checkIns.length === 1);
  server.reply = {};
  await server.until(() => server.checkIns.length === 2);
  expect(server.checkIns[0]).toMatchObject({
    reconfigure: { site: 'Berlin', properties: { asset: '4711' } },
  });
  expect(server.checkIns[0]?.inventory).toBeUndefined();
  expect(server.checkIns[1]?.inventory?.os.family).toBe('linux');
  expect(server.checkIns[1]?.reconfigure).toBeUndefined();
  server.say({ type: 'check-in', withinMs: 0 });
  await server.until(() => server.checkIns.length === 3);
  expect(server.checkIns[2]?.inventory).toBeUndefined();
  expect(server.problems).toEqual([]);
});

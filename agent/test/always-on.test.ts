import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GuruError } from '@guruconnect/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runAgent, runCommand, ServiceProgram } from './support/agent-program.ts';
import { MachineServer } from './support/machine-server.ts';
import { selfSigned } from './support/self-signed.ts';

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
  runCommand([
    '--enrol',
    ...['--server', server.origin, '--token', server.token, '--state-dir', dir],
    ...more,
  ]);
const serve = () => new ServiceProgram(['--state-dir', dir, '--log', 'debug']);
const agent = (...args: string[]) => runCommand([...args, '--state-dir', dir]);
const program = (...args: string[]) => runAgent([...args, '--state-dir', dir]);
/** What `--status` says, once the service has written down how it is. */
const shows = (words: RegExp) =>
  vi.waitFor(async () => expect((await agent('--status')).output).toMatch(words), 5_000);
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

describe('enrolment', () => {
  it('gives the same machine when it is done again, and another with a new identity', async () => {
    await enrol();
    const first = await identity();
    await enrol();
    expect(await identity()).toEqual(first);
    expect(server.machines.size).toBe(1);
    await enrol('--new-identity');
    const other = await identity();
    expect(other.privateKey).not.toBe(first.privateKey);
    expect(other.enrolment.machineId).not.toBe(first.enrolment.machineId);
  });

  it('that the server refuses leaves everything as it was', async () => {
    await enrol();
    const before = await identity();
    const token = 'A'.repeat(43);
    const refused = await agent('--enrol', '--new-identity', '--server', server.origin, '--token', token);
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/^The server does not take this token: it is wrong, revoked/);
    expect(await identity()).toEqual(before);
  });

  it('that got no answer is not done twice: the key is kept for the next try', async () => {
    await server.stop();
    const failed = await enrol();
    expect(failed.output).toMatch(/^The server cannot be reached/);
    const kept = JSON.parse(await readFile(path.join(dir, 'new-key.json'), 'utf8'));
    await server.start();
    await enrol();
    expect((await identity()).privateKey).toBe(kept.privateKey);
    await expect(readFile(path.join(dir, 'new-key.json'))).rejects.toThrow('ENOENT');
  });

  it('takes an authority of the server’s own, for everything that follows', async () => {
    const tls = selfSigned();
    await server.stop();
    server = new MachineServer(tls);
    await server.start();
    expect((await enrol()).output).toMatch(/^The server cannot be reached: .*self-signed/);
    const file = path.join(path.dirname(dir), 'ca.pem');
    await writeFile(file, tls.cert);
    expect((await enrol('--ca-file', file)).code).toBe(0);
    await rm(file);
    service = serve();
    await server.until(() => server.online.size === 1 && server.checkIns.length === 1);
  });

  it('takes a token from the environment, where other users cannot read it', async () => {
    const env = { GURUCONNECT_TOKEN: server.token, GURUCONNECT_SERVER: server.origin };
    const { code } = await runCommand(['enrol', '--state-dir', dir], env);
    expect(code).toBe(0);
  });
});

describe('the service', () => {
  it('says what to do when this computer is not enrolled, or when it runs already', async () => {
    expect((await program('--service')).output).toContain('not enrolled yet: guruconnect-agent --enrol');
    await enrol();
    service = serve();
    await server.until(() => server.online.size === 1);
    const second = await program('--service', '--log', 'off');
    expect(second).toEqual({
      code: 1,
      output: `The service runs already, as process ${service.child.pid}.\n`,
    });
  });

  it('comes back by itself when the server was away', async () => {
    await enrol();
    service = serve();
    await server.until(() => server.online.size === 1);
    await server.stop();
    await service.logs(/"offline; trying to reach the server"/);
    await shows(/^Connection: +offline for .+, trying to reach the server$/m);
    await server.start();
    await server.until(() => server.online.size === 1);
  });

  it('checks in with the server’s time when the clock is wrong here', async () => {
    await enrol();
    server.aheadMs = 3 * 3_600_000;
    service = serve();
    await server.until(() => server.checkIns.length === 1);
    expect(server.problems).toEqual(['a check-in was not good']);
    server.say({ type: 'check-in', withinMs: 0 });
    await server.until(() => server.checkIns.length === 2);
    expect(server.problems).toHaveLength(1);
  });

  it.each([
    ['not-allowed', /offline: The server does not know this machine any more\. Enrol it again/],
    ['conflict', /offline: Another computer uses this machine’s identity/],
  ] as const)('stops trying fast and says so when it is refused: %s', async (code, words) => {
    await enrol();
    server.refuseHello = new GuruError(code, 'No.');
    service = serve();
    await service.logs(/the server does not let this machine in/);
    const connects = server.connects;
    await shows(words);
    expect(server.connects).toBe(connects);
  });

  it('waits for as long as a busy server says', async () => {
    await enrol();
    server.refuseConnect = new GuruError('too-many-requests', 'Later.', { details: { retryAfterMs: 700 } });
    service = serve();
    await server.until(() => server.connects === 1);
    const refusedAt = performance.now();
    server.refuseConnect = undefined;
    await server.until(() => server.online.size === 1);
    expect(performance.now() - refusedAt).toBeGreaterThan(690);
  });

  it('is not confused by messages that make no sense', async () => {
    await enrol();
    service = serve();
    await server.until(() => server.online.size === 1);
    const socket = server.sockets.at(-1);
    for (const body of [null, 'x', [], { sessionId: 'no id', token: 7 }, { type: 'stop' }]) {
      socket?.emit('start-session', body);
      socket?.emit('__proto__', body);
    }
    socket?.emit('check-in', { withinMs: -5 });
    socket?.emit('update', { version: '9.0.0', manifestSha256: 'a'.repeat(64) });
    server.say({ type: 'stop', sessionId: '9c1d7e30-42aa-4b6f-8f11-5a6b7c8d9e0f' });
    const before = server.checkIns.length;
    server.say({ type: 'check-in', withinMs: 0 });
    await server.until(() => server.checkIns.length === before + 1);
    expect(service.log).toContain('cannot update itself yet');
    expect(server.online.size).toBe(1);
  });

  it('ends in order when it is told to, and says so', async () => {
    await enrol();
    service = serve();
    await server.until(() => server.online.size === 1 && server.checkIns.length === 1);
    expect(await service.stop()).toBe(0);
    await server.until(() => server.online.size === 0, 2_000);
    const { output } = await agent('--status');
    expect(output).toMatch(/^Connection: +the service does not run$/m);
    expect(output).toMatch(/^Last check-in: +\d+ s ago$/m);
  });
});

describe('--reconfigure', () => {
  it('waits for the next check-in while the service does not run, and the newer of two values counts', async () => {
    await enrol();
    const first = await agent('--reconfigure', '--name', 'One', '--property', 'a=1', '--property', 'b=2');
    expect(first).toEqual({
      code: 0,
      output: 'The change is kept, and told to the server at the next check-in.\n',
    });
    await agent(
      '--reconfigure',
      '--name',
      'Two',
      '--property',
      'b=',
      '--tag',
      'x',
      '--tag',
      'y',
      '--type',
      '',
    );
    service = serve();
    await server.until(() => server.checkIns.length === 1);
    expect(server.checkIns[0]?.reconfigure).toEqual({
      name: 'Two',
      deviceType: '',
      tags: ['x', 'y'],
      properties: { a: '1', b: '' },
    });
  });

  it('is told at once while the service runs, and says what the server refused', async () => {
    await enrol();
    service = serve();
    await server.until(() => server.checkIns.length === 1);
    expect(await agent('--reconfigure', '--site', 'Berlin')).toEqual({ code: 0, output: 'Changed.\n' });
    expect(server.checkIns.at(-1)?.reconfigure).toEqual({ site: 'Berlin' });
    server.refuseCheckIn = (body) => (body.reconfigure ? GuruError.invalid('No such site.') : undefined);
    const refused = await agent('--reconfigure', '--site', 'Atlantis');
    expect(refused.output).toBe('The server refused the change: No such site.\n');
    expect((await agent('--status')).output).toContain('The server refused the last change: No such site.');
  });

  it('never changes the company', async () => {
    const { code, output } = await agent('--reconfigure', '--company', 'Evil Corp');
    expect(code).toBe(1);
    expect(output).toBe('The company of a machine can be changed on the server alone.\n');
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompanyView, ConsentPolicy, MachineDetails, SessionView } from '@guruconnect/shared';
import { beforeAll, expect, test } from 'vitest';
import { type FakeConsole, openConsole } from '../server/test/sessions/support/fake-console.ts';
import { newInstaller } from '../server/test/support/new-installer.ts';
import { runAgentCommand, type ServiceOptions, startServiceProcess } from '../tools/stack/always-on-agent.ts';
import type { Desktop } from '../tools/stack/desktop.ts';
import { ManagedProcess } from '../tools/stack/managed-process.ts';
import type { Stack } from './support/stack.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';
import { until } from './support/until.ts';
import { pressAtTheMachine, screenShot } from './support/x-programs.ts';

/** The ground of the buttons in the agent's windows. */
const COLOUR = { allow: [0x0d, 0x6f, 0x7d], stop: [0xb3, 0x26, 0x1e] } as const;

/** The middle of everything on the screen that has exactly this colour. */
async function findColour(on: Desktop, [red, green, blue]: readonly [number, number, number]) {
  const { width, rgba } = await screenShot(on);
  const found: { x: number; y: number }[] = [];
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at] === red && rgba[at + 1] === green && rgba[at + 2] === blue) {
      found.push({ x: (at / 4) % width, y: Math.floor(at / 4 / width) });
    }
  }
  const middle = found[Math.floor(found.length / 2)];
  if (!middle) return undefined;
  const xs = found.map(({ x }) => x);
  return { x: Math.round((Math.min(...xs) + Math.max(...xs)) / 2), y: middle.y };
}

const stage = stageOfThisFile();
let stack: Stack;
let desktop: Desktop;
let company: CompanyView;
let service: ManagedProcess;
let stateDir: string;
let machineId: string;

beforeAll(async () => {
  stack = await stage.startStack();
  desktop = await stage.startDesktop({ width: 1024, height: 640 });
  company = await stack.admin.call('createCompany', { body: { name: 'Acme' } });
  const { token } = await stack.admin.call('createInstaller', {
    body: newInstaller(company.companyId, {
      site: 'Berlin',
      deviceType: 'Server',
      tags: ['new'],
      maxUses: 1,
    }),
  });
  stateDir = stage.newFolder('machine-');
  await runAgentCommand(['--enrol', '--server', stack.url, '--token', token], { root: ROOT, stateDir });
  machineId = JSON.parse(readFileSync(join(stateDir, 'identity.json'), 'utf8')).enrolment.machineId;
  service = await startService();
});

/** Where nobody sees programs and X servers of others: a computer of its own, as far as desktops go. */
function alone(program: string, args: readonly string[]) {
  const script = 'mount -t tmpfs none /tmp/.X11-unix && exec "$0" "$@"';
  const apart = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return { program: 'unshare', args: [...apart, 'sh', '-c', script, program, ...args] };
}

async function startService(more: Partial<ServiceOptions> = {}): Promise<ManagedProcess> {
  const started = await startServiceProcess({ root: ROOT, stateDir, desktop, ...more });
  stage.defer(() => started.stop());
  return started;
}

async function machine(): Promise<MachineDetails['row']> {
  return (await details()).row;
}

function details(): Promise<MachineDetails> {
  return stack.admin.call('getMachine', { params: { machineId } });
}

const onlineIs = (online: boolean) => async () => (await machine()).online === online;

/** Everything that runs below a process. */
function childrenOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }];
      } catch {
        return [];
      }
    });
  const below = (one: number): number[] =>
    parents.filter(({ parent }) => parent === one).flatMap((child) => [child.pid, ...below(child.pid)]);
  return below(pid);
}

async function setConsent(consent: ConsentPolicy): Promise<void> {
  await stack.admin.call('changeCompany', {
    params: { companyId: company.companyId },
    body: { consent },
  });
}

async function connect(): Promise<{ session: SessionView; page: FakeConsole }> {
  const session = await stack.admin.call('connectMachine', { params: { machineId }, body: {} });
  const { cookie } = stack.admin;
  const page = await openConsole({ cookie: () => cookie } as Parameters<typeof openConsole>[0], {
    url: stack.url,
  });
  stage.defer(() => page.close());
  await until('the endpoint is there', async () => (await view(session.id)).endpoint.kind === 'agent');
  return { session, page };
}

const view = (sessionId: string) => stack.admin.call('getSession', { params: { sessionId } });

test('a machine that enrolled is in the list, online, with what it is (U1, U4)', async () => {
  await until('it is online', onlineIs(true), 2_000);
  expect(await machine()).toMatchObject({
    company: { name: 'Acme' },
    site: { name: 'Berlin' },
    deviceType: 'Server',
    tags: ['new'],
    osFamily: 'linux',
  });
  await until('the inventory is there', async () => (await machine()).osName !== '');
  const details = await stack.admin.call('getMachine', {
    params: { machineId: (await machine()).machineId },
  });
  expect(details.inventory?.processor.cores).toBeGreaterThan(0);
  expect(details.macs.length).toBeGreaterThan(0);
  expect(details.status?.user).toBe('root');
});

test('a session starts its process when it is wanted and leaves nothing behind (U3)', async () => {
  await setConsent({ kind: 'never' });
  expect(childrenOf(service.pid)).toEqual([]);
  const { session, page } = await connect();
  const joined = await page.ask('session:join', { sessionId: session.id, wants: 'control' });
  expect(joined).toBeDefined();
  expect(childrenOf(service.pid).length).toBeGreaterThan(0);
  await stack.admin.call('endSession', { params: { sessionId: session.id } });
  await until('everything of the session is gone', () => childrenOf(service.pid).length === 0);
});

/** What became of the wish to see the screen. */
async function grantOf(sessionId: string): Promise<string | undefined> {
  return (await view(sessionId)).participants[0]?.grant.status;
}

async function end(sessionId: string): Promise<void> {
  await stack.admin.call('endSession', { params: { sessionId } });
  await until('everything of the session is gone', () => childrenOf(service.pid).length === 0);
}

test('what is asked of a person who does not answer is answered as the company wants it (U4)', async () => {
  await setConsent({ kind: 'ask', timeoutSeconds: 5, otherwise: 'refuse' });
  const { session, page } = await connect();
  const askedAt = performance.now();
  await page.ask('session:join', { sessionId: session.id, wants: 'control' });
  expect(await grantOf(session.id)).toBe('asked');
  await until('it is refused', async () => (await grantOf(session.id)) === 'refused', 15_000);
  expect(performance.now() - askedAt).toBeGreaterThan(4_900);
  await end(session.id);
});

test('the person at the machine is asked in a window that counts down, and stops by the banner (E4, S3)', async () => {
  await service.stop();
  service = await startService({ windows: true });
  await setConsent({ kind: 'ask', timeoutSeconds: 60, otherwise: 'refuse' });
  const { session, page } = await connect();
  await page.ask('session:join', { sessionId: session.id, wants: 'control' });
  await until(
    'the question is on the screen',
    async () => (await findColour(desktop, COLOUR.allow)) !== undefined,
  );
  const before = await screenShot(desktop);
  await until(
    'it counts down',
    async () => !Buffer.from(before.rgba).equals(Buffer.from((await screenShot(desktop)).rgba)),
    3_000,
  );
  const allow = await findColour(desktop, COLOUR.allow);
  await pressAtTheMachine(desktop, `@${allow?.x},${allow?.y}`);
  await until('it is allowed', async () => (await grantOf(session.id)) === 'allowed');
  await until(
    'the banner is on the screen',
    async () => (await findColour(desktop, COLOUR.stop)) !== undefined,
  );
  const stop = await findColour(desktop, COLOUR.stop);
  await pressAtTheMachine(desktop, `@${stop?.x},${stop?.y}`);
  await until('the session is over', async () => (await view(session.id)).lifecycle.phase === 'ended');
  expect((await view(session.id)).lifecycle).toMatchObject({ reason: 'guest-stopped' });
  await until('everything of the session is gone', () => childrenOf(service.pid).length === 0);
  expect(await findColour(desktop, COLOUR.stop)).toBeUndefined();
  await service.stop();
  service = await startService();
});

test('an agent that is killed in a session goes on in it when it is started again', async () => {
  await setConsent({ kind: 'never' });
  const { session } = await connect();
  service.signal('SIGKILL');
  await service.ended;
  await until('it is gone', async () => (await view(session.id)).endpoint.kind !== 'agent');
  service = await startService();
  await until('it is back', async () => (await view(session.id)).endpoint.kind === 'agent', 20_000);
  await end(session.id);
});

test('names that are changed at the machine are changed at the server at once, and shown in both places (U9)', async () => {
  const said = await runAgentCommand(
    [
      '--reconfigure',
      '--name',
      'Front desk',
      '--site',
      'Hamburg',
      '--tag',
      'blue',
      '--property',
      'asset=4711',
    ],
    { root: ROOT, stateDir },
  );
  expect(said).toBe('Changed.\n');
  const { row, properties } = await details();
  expect(row).toMatchObject({ name: 'Front desk', site: { name: 'Hamburg' }, tags: ['blue'] });
  expect(properties).toEqual({ asset: '4711' });
  const status = await runAgentCommand(['--status'], { root: ROOT, stateDir });
  expect(status).toMatch(/^Machine: +Front desk$/m);
  expect(status).toMatch(/^Company: +Acme$/m);
  expect(status).toMatch(/^Site: +Hamburg$/m);
  expect(status).toMatch(/^Connection: +online for /m);
});

test('it is back by itself after the server was away', async () => {
  const said = service.output.length;
  await stack.restart();
  await service.waitFor(/"message":"online"/, 25_000, said);
  expect((await machine()).online).toBe(true);
});

test('a machine that stops is offline at once (A1)', async () => {
  await service.stop();
  await until('it is offline', onlineIs(false), 5_000);
});

test('where nobody is logged on, what the company wants counts at once, and the screen says why it is dark', async () => {
  await setConsent({ kind: 'ask', timeoutSeconds: 600, otherwise: 'allow' });
  // Passes for a computer whose X server is not there.
  service = await startServiceProcess({ root: ROOT, stateDir, args: ['--display', ':9731'] });
  stage.defer(() => service.stop());
  const { session, page } = await connect();
  await page.ask('session:join', { sessionId: session.id, wants: 'control' });
  await until('it is allowed', async () => (await grantOf(session.id)) === 'allowed', 5_000);
  await end(session.id);
});

test.skipIf(process.getuid?.() !== 0)(
  'without being told it finds the desktop, and follows to another one',
  async () => {
    await service.stop();
    await setConsent({ kind: 'never' });
    service = await startServiceProcess({ root: ROOT, stateDir, wrap: alone });
    const [inside = 0] = childrenOf(service.pid);
    // What puts it apart does not pass signals on.
    stage.defer(() => process.kill(inside, 'SIGKILL'));
    const { session } = await connect();
    await service.waitFor(/no X server runs on it/);
    const startXServer = (display: string): ManagedProcess => {
      const enter = ['--target', String(inside), '--mount', '--pid'];
      const args = [...enter, 'Xvfb', display, '-screen', '0', '640x480x24', '-nolisten', 'local'];
      const started = new ManagedProcess({ name: 'Xvfb', program: 'nsenter', args });
      // In order, or its lock stays behind.
      stage.defer(async () => {
        stopXServer(started);
        await started.ended;
      });
      return started;
    };
    const stopXServer = (xServer: ManagedProcess) => {
      if (xServer.isRunning) for (const pid of childrenOf(xServer.pid)) process.kill(pid, 'SIGTERM');
    };
    const first = startXServer(':917');
    await service.waitFor(/another desktop is on the screen.*":917"/, 15_000);
    await service.waitFor(/the desktop is open/);
    const from = service.output.length;
    startXServer(':918');
    stopXServer(first);
    await first.ended;
    await service.waitFor(/another desktop is on the screen.*":918"/, 15_000, from);
    await service.waitFor(/the desktop is open/, 15_000, from);
    await stack.admin.call('endSession', { params: { sessionId: session.id } });
  },
);

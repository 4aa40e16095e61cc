import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { Cleanup } from '../../../tools/stack/cleanup.ts';
import { namespacesUnavailable } from '../network-namespace.ts';
import { ADDRESS, Lab, type LabOptions } from './lab.ts';
import type { Namespace } from './namespace.ts';

const reason = namespacesUnavailable();
if (reason) console.warn(`The tests of the network lab are left out: ${reason}.`);

/** Tells who asks. */
const ECHO = `require('node:http').createServer((request, response) => response.end(request.socket.remoteAddress))
  .listen(9000, '${ADDRESS.server}', () => console.log('echo listens'));`;

describe.skipIf(reason !== undefined)('a network lab', () => {
  const cleanup = new Cleanup();
  afterEach(() => cleanup.run());

  async function createLab(options?: LabOptions): Promise<Lab> {
    const lab = await Lab.create(options);
    cleanup.defer(() => lab.close());
    await lab.run(lab.server, process.execPath, ['-e', ECHO]).waitFor(/echo listens/);
    return lab;
  }

  it('has nobody outside: no device, no route and no packet leads to the machine', async () => {
    const before = devices();
    const lab = await createLab();
    expect(devices()).toEqual(before);
    for (const namespace of [lab.server, lab.agent, lab.viewer]) {
      const own = (await namespace.run('ip', '-o', 'link')).match(/(?<=^\d+: )[\w-]+/gm) ?? [];
      for (const device of own) expect(['lo', 'link0', 'viewer0', 'wan0']).toContain(device);
    }
    // Where all ways meet, there is none to anywhere else.
    await expect(lab.server.run('ip', 'route', 'get', '192.0.2.1')).rejects.toThrow(/unreachable/);
  });

  it('lets each side reach the server as 127.0.0.1, the agent over the emulated line', async () => {
    const lab = await createLab();
    const server = await listenWhereTheServerWill(lab);
    cleanup.defer(() => server.kill());
    await lab.link.set({ delayMs: 150 });
    const fromViewer = await ask(lab.viewer, `127.0.0.1:${lab.port}`);
    const fromAgent = await ask(lab.agent, `127.0.0.1:${lab.port}`);
    expect([fromViewer.text, fromAgent.text]).toEqual(['the server', 'the server']);
    // To connect and to ask take a round trip each; a machine that is busy adds to both sides.
    expect(fromAgent.tookMs).toBeGreaterThan(600);
    expect(fromAgent.tookMs - fromViewer.tookMs).toBeGreaterThan(300);
    const outside = await fetch(`http://127.0.0.1:${lab.port}`);
    expect(await outside.text()).toBe('the server');
  });

  it('gives each side another address on demand', async () => {
    const lab = await createLab();
    expect((await ask(lab.agent, `${ADDRESS.server}:9000`)).text).toBe(ADDRESS.agent);
    await lab.moveAgent();
    expect((await ask(lab.agent, `${ADDRESS.server}:9000`)).text).toBe(ADDRESS.agentElsewhere);
    expect((await lab.link.report()).ab.packets).toBeGreaterThan(0);
    expect((await ask(lab.viewer, `${ADDRESS.server}:9000`)).text).toBe(ADDRESS.viewer);
    await lab.moveViewer();
    expect((await ask(lab.viewer, `${ADDRESS.server}:9000`)).text).toBe(ADDRESS.viewerElsewhere);
  });

  it('hides both sides behind routers, and lets nothing in that was not asked for', async () => {
    const lab = await createLab({ hasRouters: true });
    expect((await ask(lab.agent, `${ADDRESS.server}:9000`)).text).toBe(ADDRESS.agent);
    expect((await ask(lab.viewer, `${ADDRESS.server}:9000`)).text).toBe(ADDRESS.viewer);
    await lab
      .run(lab.agent, process.execPath, ['-e', ECHO.replace(ADDRESS.server, '0.0.0.0')])
      .waitFor(/listens/);
    expect((await ask(lab.viewer, `${ADDRESS.agent}:9000`)).text).toBe('nothing');
  });

  it('leaves nothing behind', async () => {
    const lab = await createLab();
    expect(namespaces()).toContain(lab.server.name);
    await cleanup.run();
    expect(namespaces()).not.toContain(lab.server.name);
    expect(namespaces()).not.toContain(lab.agent.name);
  });
});

/** On the lab's own port, in the server's network. */
async function listenWhereTheServerWill(lab: Lab) {
  const script = `require('node:http').createServer((_, response) => response.end('the server'))
    .listen(${lab.port}, '127.0.0.1', () => console.log('server listens'));`;
  const server = lab.run(lab.server, process.execPath, ['-e', script]);
  await server.waitFor(/server listens/);
  return { kill: () => server.stop() };
}

async function ask(from: Namespace, where: string): Promise<{ text: string; tookMs: number }> {
  const script = `const start = performance.now();
    fetch('http://${where}', { signal: AbortSignal.timeout(3000) }).then((reply) => reply.text(), () => 'nothing')
      .then((text) => { console.log(JSON.stringify({ text, tookMs: performance.now() - start })); process.exit(); });`;
  return JSON.parse(await from.run(process.execPath, '-e', script));
}

function devices(): string[] {
  const text = execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' });
  // Another run on this machine may make or remove the cables of a simpler kind of test.
  return [...text.matchAll(/^\d+: ([\w-]+)/gm)].flatMap(([, name = '']) =>
    /^gch\d/.test(name) ? [] : [name],
  );
}

function namespaces(): string {
  return execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' });
}

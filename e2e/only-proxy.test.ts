import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConnectProxy } from '../agent/test/support/connect-proxy.ts';
import { selfSigned } from '../agent/test/support/self-signed.ts';
import { newInstaller } from '../server/test/support/new-installer.ts';
import { runAgentCommand } from '../tools/stack/always-on-agent.ts';
import type { Desktop } from '../tools/stack/desktop.ts';
import type { ManagedProcess } from '../tools/stack/managed-process.ts';
import { freePort } from './support/free-port.ts';
import { newPerson } from './support/launch-browser.ts';
import {
  createNamespace,
  type NetworkNamespace,
  namespacesUnavailable,
} from './support/network-namespace.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';
import { focusStage, openViewer, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { runXProgram } from './support/x-programs.ts';

const unavailable = namespacesUnavailable();
if (unavailable) console.warn(`Not hiding an agent behind a proxy: ${unavailable}.`);

/** The server's name, which the proxy alone finds. */
const HOST = 'help.test';

describe.skipIf(unavailable !== undefined)('a computer whose network lets nothing out but a proxy', () => {
  const stage = stageOfThisFile();
  let stack: Stack;
  let proxy: ConnectProxy;
  let network: NetworkNamespace;
  let desktop: Desktop;
  let flipper: ManagedProcess;
  let context: BrowserContext;
  let origin: string;
  let relayTarget: string;
  let caFile: string;

  beforeAll(async () => {
    // For this process alone, which is no part of what is tried.
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    const certificate = selfSigned(`DNS:${HOST},IP:127.0.0.1`);
    const folder = stage.newFolder('tls-');
    caFile = join(folder, 'cert.pem');
    const keyFile = join(folder, 'key.pem');
    writeFileSync(caFile, certificate.cert);
    writeFileSync(keyFile, certificate.key);
    const relayPort = await freePort();
    stack = await stage.startStack({
      env: { RELAY_PORT: String(relayPort), TLS_CERT_FILE: caFile, TLS_KEY_FILE: keyFile },
    });
    expect(stack.url).toMatch(/^https:/);
    origin = `https://${HOST}:${stack.server.port}`;
    relayTarget = `${HOST}:${relayPort}`;
    proxy = await ConnectProxy.start({ credentials: 'me:sesame' });
    stage.defer(() => proxy.close());
    // Its port alone leads out; no name is known inside.
    network = await createNamespace(proxy.port);
    stage.defer(() => network.close());
    await network.blockUdp();
    desktop = await stage.startDesktop({ width: 1280, height: 720, windowManager: false });
    flipper = await runXProgram(desktop, 'key-flip');
    const browser = await stage.launchBrowser(['--ignore-certificate-errors']);
    context = await newPerson(browser, { viewport: { width: 1280, height: 720 } });
    const dashboard = await context.newPage();
    await signInPage(dashboard, stack.url, stack.adminUser);
    await dashboard.close();
  });
  afterAll(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  });

  const inside = { wrap: (program: string, args: readonly string[]) => network.inside(program, args) };
  const proxyUrl = () => `http://me:sesame@${proxy.address}`;
  const relayed = () => proxy.bytes.get(relayTarget) ?? 0;

  /** Presses a key and waits until the program has it and the picture shows what it did. */
  async function expectLoop(viewer: Page): Promise<void> {
    await untilLive(viewer);
    const flips = () => [...flipper.output.matchAll(/^flip /gm)].length;
    const before = flips();
    const shown = () => viewer.evaluate(async () => (await window.__guruViewer?.stats())?.counters.path);
    const samples = () =>
      viewer.evaluate(async () => (await window.__guruViewer?.stats())?.inputToPhoton?.samples ?? 0);
    const seen = await samples();
    await until(
      'keys arrive, and the picture shows what they did',
      async () => {
        await viewer.keyboard.press('a');
        return flips() > before && (await samples()) > seen;
      },
      20_000,
    );
    expect(await shown()).toBe('relay');
  }

  test('is enrolled and online through the proxy; its service keeps it (U3, R3)', async () => {
    const { companyId } = await stack.admin.call('createCompany', { body: { name: 'Harbour Clinic' } });
    const params = { companyId };
    await stack.admin.call('changeCompany', { params, body: { consent: { kind: 'never' } } });
    const { token } = await stack.admin.call('createInstaller', { body: newInstaller(companyId) });
    const stateDir = stage.newFolder('machine-');
    const order = ['--enrol', '--server', origin, '--token', token, '--ca-file', caFile];
    const place = { root: ROOT, stateDir, ...inside };
    await expect(runAgentCommand(order, place)).rejects.toThrow(/cannot be reached/);
    await runAgentCommand([...order, '--proxy', proxyUrl()], place);
    const service = await stage.startService({ stateDir, desktop, ...inside });
    expect(service.output).not.toContain('sesame');
    expect(proxy.tunnels.map(({ target }) => target)).toContain(`${HOST}:${stack.server.port}`);

    const doctor = await runAgentCommand(['--diagnose'], place);
    expect(doctor).toContain(`ok    Proxy: http://${proxy.address} leads to the server.`);
    expect(doctor).toMatch(/ok {4}Relay at help\.test, port \d+: A WebSocket opens, through the proxy\./);

    const { enrolment } = JSON.parse(readFileSync(join(stateDir, 'identity.json'), 'utf8'));
    const viewer = await context.newPage();
    const before = relayed();
    const start = performance.now();
    await viewer.goto(`${stack.url}/connect/${enrolment.machineId}`);
    await untilLive(viewer);
    console.log(`machine: first picture after ${Math.round(performance.now() - start)} ms`);
    await focusStage(viewer);
    await expectLoop(viewer);
    expect(relayed() - before).toBeGreaterThan(10_000);
    await viewer.close();
    await service.stop();
  });

  test('is shown and controlled for one session, and comes back when the proxy drops everything (U3, V9)', async () => {
    const session = await stack.createSession({ consentRequired: false });
    const agent = await stage.startAgent({
      server: origin,
      code: session.code,
      desktop,
      args: ['--log', 'info', '--ca-file', caFile],
      // It looks at certificates, unlike this process.
      env: { HTTPS_PROXY: proxyUrl(), NODE_TLS_REJECT_UNAUTHORIZED: '1' },
      ...inside,
    });
    const before = relayed();
    const start = performance.now();
    const viewer = await openViewer(context, stack.url, session.id);
    await untilLive(viewer);
    console.log(`one session: first picture after ${Math.round(performance.now() - start)} ms`);
    await focusStage(viewer);
    await expectLoop(viewer);
    expect(relayed() - before).toBeGreaterThan(10_000);

    const peer = await viewer.evaluate(() => window.__guruViewer?.peerId);
    const cut = performance.now();
    proxy.cut();
    await until(
      'another peer is up',
      async () => {
        const now = await viewer.evaluate(() => [window.__guruViewer?.state, window.__guruViewer?.peerId]);
        return now[0] === 'live' && now[1] !== peer;
      },
      20_000,
    );
    console.log(`back ${Math.round(performance.now() - cut)} ms after the proxy dropped everything`);
    await expectLoop(viewer);
    expect(agent.output).not.toContain('sesame');
  });
});

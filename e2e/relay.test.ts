import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ManagedProcess } from '../tools/stack/managed-process.ts';
import { decodedPictures, keepDecodedPictures } from './support/decoded-pictures.ts';
import { freePort } from './support/free-port.ts';
import { newPerson } from './support/launch-browser.ts';
import { type NetworkNamespace, namespacesUnavailable } from './support/network-namespace.ts';
import { RelayTap } from './support/relay-tap.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { stageOfThisFile } from './support/stage.ts';
import { focusStage, openViewer, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { runXProgram } from './support/x-programs.ts';

const run = promisify(execFile);
const unavailable = namespacesUnavailable();
if (unavailable) console.warn(`Not blocking UDP: ${unavailable}.`);

describe.skipIf(unavailable !== undefined)('an agent whose network lets no UDP pass', () => {
  const stage = stageOfThisFile();
  let stack: Stack;
  let network: NetworkNamespace;
  let viewer: Page;
  let flipper: ManagedProcess;
  let relayPort: number;
  let tap: RelayTap;

  beforeAll(async () => {
    relayPort = await freePort();
    tap = await RelayTap.start(relayPort);
    stage.defer(() => tap.close());
    stack = await stage.startStack({
      env: { RELAY_PORT: String(relayPort), RELAY_URL: `ws://127.0.0.1:${tap.port}/` },
    });
    const desktop = await stage.startDesktop({ width: 1280, height: 720, windowManager: false });
    flipper = await runXProgram(desktop, 'key-flip');
    const browser = await stage.launchBrowser();
    const context = await newPerson(browser, { viewport: { width: 1280, height: 720 } });
    const dashboard = await context.newPage();
    await signInPage(dashboard, stack.url, stack.adminUser);
    await dashboard.close();
    const session = await stack.createSession({ consentRequired: false });
    network = await stage.createNamespace(stack, [tap.port]);
    await network.blockUdp();
    await stage.startAgent({
      server: stack.url,
      code: session.code,
      desktop,
      args: ['--log', 'info'],
      wrap: (program, args) => network.inside(program, args),
    });
    await keepDecodedPictures(context);
    viewer = await openViewer(context, stack.url, session.id);
  });

  const pathNow = () =>
    viewer.evaluate(async () => ({
      route: window.__guruViewer?.route,
      shown: (await window.__guruViewer?.stats())?.counters.path,
    }));

  /** Presses a key and waits until the picture shows what it did. */
  async function expectLoop(timeout = 15_000): Promise<void> {
    await untilLive(viewer, timeout);
    await until('the newest video has a picture', hasPicture, timeout);
    const before = [...flipper.output.matchAll(/^flip /gm)].length;
    const dark = await isDark();
    await viewer.keyboard.press('a');
    await flipper.waitFor(new RegExp(`flip ${before + 1} `), timeout);
    await until('the picture shows it', async () => (await isDark()) !== dark, timeout);
  }

  const hasPicture = () =>
    viewer.evaluate(
      () => (document.querySelector('video')?.readyState ?? 0) >= HTMLMediaElement.HAVE_CURRENT_DATA,
    );

  const isDark = () =>
    viewer.evaluate(() => {
      const video = document.querySelector('video');
      const canvas = document.createElement('canvas');
      canvas.width = 1;
      canvas.height = 1;
      const context = canvas.getContext('2d');
      if (!video || !context) throw new Error('The viewer shows no video.');
      context.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 1, 1, 0, 0, 1, 1);
      return (context.getImageData(0, 0, 1, 1).data[1] ?? 0) < 128;
    });

  /** Input to picture as the product itself measures it. */
  async function keyToPixel(): Promise<string> {
    for (let key = 0; key < 30; key += 1) {
      await viewer.keyboard.press('a');
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    const latency = await viewer.evaluate(async () => (await window.__guruViewer?.stats())?.inputToPhoton);
    expect(latency?.samples).toBeGreaterThan(15);
    return `p50 ${latency?.p50Ms?.toFixed(1)} ms, p95 ${latency?.p95Ms?.toFixed(1)} ms of ${latency?.samples}`;
  }

  test('is reached over the relay: picture and keyboard work, and the viewer says so and why (V9)', async () => {
    await untilLive(viewer);
    await focusStage(viewer);
    await expectLoop();
    const { route, shown } = await pathNow();
    expect(shown).toBe('relay');
    expect(route?.path).toBe('relay');
    expect(route?.why).toMatch(/no direct connection|UDP seems to be blocked/);
    console.log(`relay, key to pixel: ${await keyToPixel()}`);
  });

  test('shows the relay nothing of the picture or of what is typed (R3)', async () => {
    const { seen } = tap;
    expect(seen.length).toBeGreaterThan(20_000);
    // The very bytes that came out at the viewer's end. Start codes alone would not do: the counter before what is
    // sealed, and then chance, make one now and then.
    const pictures = await decodedPictures(viewer);
    expect(pictures.length).toBeGreaterThan(15);
    expect(pictures[0]?.subarray(0, 6)).toEqual(Buffer.of(0, 0, 0, 1, 0x67, 0x42));
    for (const picture of pictures) expect(seen.includes(picture)).toBe(false);
    for (const word of ['"type":"hello"', '"type":"pong"']) expect(seen.includes(word)).toBe(false);
    // The handshake itself passes in the open: the tap does see what passes.
    expect(seen.includes(Buffer.from('agent-proof'))).toBe(true);
  });

  test('comes back within seconds when the relay is killed (V9)', async () => {
    const before = await viewer.evaluate(() => window.__guruViewer?.peerId);
    const { stdout } = await run('pgrep', ['-P', String(stack.server.process.pid), '-f', 'relay.mjs']);
    const start = performance.now();
    process.kill(Number(stdout.trim()), 'SIGKILL');
    await until(
      'another peer is up',
      async () => {
        const now = await viewer.evaluate(() => [window.__guruViewer?.state, window.__guruViewer?.peerId]);
        return now[0] === 'live' && now[1] !== before;
      },
      15_000,
    );
    console.log(`back ${Math.round(performance.now() - start)} ms after the relay was killed`);
    await expectLoop();
    expect((await pathNow()).shown).toBe('relay');
  });

  test('moves up to a direct connection by itself once UDP passes, without a gap (V9)', async () => {
    await network.allowUdp();
    const start = performance.now();
    await viewer.waitForFunction(() => window.__guruViewer?.route?.path === 'webrtc', undefined, {
      timeout: 80_000,
    });
    console.log(`direct ${Math.round(performance.now() - start)} ms after UDP was allowed`);
    await expectLoop();
    expect((await pathNow()).shown).toBe('direct');
    console.log(`direct, key to pixel: ${await keyToPixel()}`);
  });

  test('refuses a ticket that nobody signed', async () => {
    const code = await viewer.evaluate(
      (port) =>
        new Promise((resolve) => {
          const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
          socket.onopen = () => socket.send(JSON.stringify({ v: 1, role: 'viewer', ticket: 'e30.AAAA' }));
          socket.onclose = (event) => resolve(event.code);
        }),
      tap.port,
    );
    expect(code).toBe(4001);
  });
});

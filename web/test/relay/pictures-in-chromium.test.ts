import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type {} from './pictures-page.ts';

let server: Server;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const entry = fileURLToPath(new URL('pictures-page.ts', import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife' });
  const script = outputFiles[0]?.text ?? '';
  server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><body><script src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
});
afterAll(async () => {
  await browser.close();
  server.close();
});
beforeEach(async () => {
  await page?.close();
  const address = server.address();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
  await page.evaluate(() => window.relayPictures.start());
});

const told = () => page.evaluate(() => window.relayPictures.told);

it('shows pictures, and tells by its RTP timestamp which one is on the screen', async () => {
  await page.evaluate(async () => {
    const { relayPictures } = window;
    const frames = await relayPictures.encoded(640, 360, 20);
    for (const [index, frame] of frames.entries()) {
      // The clock wraps on the way.
      relayPictures.take({ ...frame, rtpTimestamp: (2 ** 32 - 30_000 + index * 3_000) % 2 ** 32 });
      await new Promise((resolve) => setTimeout(resolve, 33));
    }
  });
  await page.waitForFunction(() => window.relayPictures.seen.at(-1)?.rtpTimestamp === 27_000);
  const seen = await page.evaluate(() => window.relayPictures.seen);
  expect(seen.length).toBeGreaterThan(5);
  const sent = Array.from({ length: 20 }, (_, index) => (2 ** 32 - 30_000 + index * 3_000) % 2 ** 32);
  for (const { rtpTimestamp } of seen) expect(sent).toContain(rtpTimestamp);
  const counters = await page.evaluate(() => window.relayPictures.pictures?.counters);
  expect(counters).toMatchObject({ framesDecoded: 20, width: 640, height: 360 });
  expect(await told()).toEqual({ stuck: [], faults: [] });
});

it('follows a new size that begins with a key frame', async () => {
  await page.evaluate(async () => {
    const { relayPictures } = window;
    let rtpTimestamp = 0;
    for (const [width, height] of [
      [640, 360],
      [320, 240],
    ] as const) {
      for (const frame of await relayPictures.encoded(width, height, 5)) {
        rtpTimestamp += 3_000;
        relayPictures.take({ ...frame, rtpTimestamp });
        await new Promise((resolve) => setTimeout(resolve, 33));
      }
    }
  });
  await page.waitForFunction(() => window.relayPictures.seen.at(-1)?.width === 320);
  expect(await told()).toEqual({ stuck: [], faults: [] });
});

it('asks for a key frame when it cannot begin or go on, and heals with one', async () => {
  await page.evaluate(async () => {
    const { relayPictures } = window;
    const [key, delta] = await relayPictures.encoded(640, 360, 2);
    if (!key || !delta) throw new Error('nothing was encoded');
    relayPictures.take({ ...delta, rtpTimestamp: 1_000 });
    relayPictures.take({ keyFrame: true, data: new Uint8Array(100).fill(7), rtpTimestamp: 2_000 });
    const broken = key.data.slice();
    broken.fill(0xff, 12);
    relayPictures.take({ keyFrame: true, data: broken, rtpTimestamp: 3_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    relayPictures.take({ ...key, rtpTimestamp: 4_000 });
    relayPictures.take({ ...delta, rtpTimestamp: 7_000 });
  });
  await page.waitForFunction(() => window.relayPictures.seen.at(-1)?.rtpTimestamp === 7_000);
  const { stuck, faults } = await told();
  expect(stuck.length).toBeGreaterThanOrEqual(2);
  expect(faults[0]).toContain('names no codec');
});

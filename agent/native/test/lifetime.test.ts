import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NativeAddon } from '../addon.d.ts';
import { buildNative } from '../build.mjs';
import { type PaintClient, startPaintClient } from './support/paint-client.ts';
import { defaultSettings, isType, loadFreshAddon, record } from './support/recorder.ts';
import { startXServer, type XServer } from './support/x-server.ts';

let addon: NativeAddon;
let server: XServer;
let paint: PaintClient;

beforeAll(async () => {
  addon = await loadFreshAddon();
}, 120_000);

beforeEach(async () => {
  server = await startXServer('640x480');
  paint = await startPaintClient(server);
});

afterEach(async () => {
  await paint.stop();
  await server.kill();
});

/** Sockets and event descriptors are what a capture opens; others belong to the test runner. */
function descriptors(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return /^socket:|eventfd/.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false;
    }
  }).length;
}

/** System V segments this process made and that still exist; column 5 is the creator. */
function sharedSegments(): number {
  const lines = readFileSync('/proc/sysvipc/shm', 'utf8').trim().split('\n').slice(1);
  return lines.filter((line) => Number(line.trim().split(/\s+/)[4]) === process.pid).length;
}

describe('closing', () => {
  it('delivers nothing afterwards, even what was queued', async () => {
    const recorder = record(addon, server.display);
    await recorder.nextFrame();
    await paint.fill(0, 0, 640, 480, 0x112233);
    recorder.capture.close();
    const events = recorder.events.length;
    await paint.fill(0, 0, 640, 480, 0x332211);
    await wait(100);
    expect(recorder.events.length).toBe(events);
  });

  it('may happen twice, and the rest does nothing afterwards', () => {
    const { capture } = record(addon, server.display);
    capture.close();
    capture.close();
    capture.requestKeyFrame();
    capture.configure({ bitrate: 500_000 });
    capture.pause();
    capture.resume();
  });

  it('works from inside the callback', async () => {
    await new Promise<void>((resolve) => {
      const capture = addon.openCapture(
        { ...defaultSettings, display: server.display, displayId: 'screen' },
        (event) => {
          if (event.type !== 'frame') return;
          capture.close();
          resolve();
        },
      );
    });
  });

  it('gives everything back, two hundred times', async () => {
    const warmUp = record(addon, server.display);
    await warmUp.nextFrame();
    warmUp.capture.close();
    const before = descriptors();
    for (let n = 0; n < 200; n += 1) {
      const recorder = record(addon, server.display);
      if (n % 10 === 0) await recorder.nextFrame();
      recorder.capture.close();
    }
    expect(descriptors()).toBe(before);
    expect(sharedSegments()).toBe(0);
  }, 60_000);
});

describe('the end of the X server', () => {
  it('ends the capture and not the process', async () => {
    const recorder = record(addon, server.display);
    await recorder.nextFrame();
    await server.kill();
    expect(await recorder.next(isType('closed'))).toEqual({
      type: 'closed',
      reason: 'the display server went away',
    });
    recorder.capture.requestKeyFrame();
    recorder.capture.close();
    expect(recorder.events.at(-1)?.type).toBe('closed');
    expect(sharedSegments()).toBe(0);
  });
});

describe('the end of the JavaScript environment', () => {
  it('ends a capture that nobody closed', async () => {
    const { addon: file } = await buildNative();
    const script = `
      const { parentPort, workerData } = require('node:worker_threads');
      const addon = require(workerData.file);
      addon.openCapture(workerData.options, (event) => parentPort.postMessage(event.type));
    `;
    const options = { ...defaultSettings, display: server.display, displayId: 'screen', refinements: 100 };
    const before = descriptors();
    const worker = new Worker(script, { eval: true, workerData: { file, options } });
    await new Promise<void>((resolve) => {
      worker.on('message', (type) => type === 'frame' && resolve());
    });
    await worker.terminate();
    expect(descriptors()).toBeLessThanOrEqual(before);
    expect(sharedSegments()).toBe(0);
  });
});

describe('a slow receiver', () => {
  it('gets the newest picture rather than a queue of old ones', async () => {
    const recorder = record(addon, server.display);
    await recorder.nextFrame();
    const until = performance.now() + 600;
    const painting = (async () => {
      for (let n = 0; n < 40; n += 1) await paint.fill(0, 0, 640, 480, 0x010203 * n);
    })();
    // While this loop holds the thread, frames pile up in the queue, but no more than it takes.
    while (performance.now() < until);
    const framesBefore = recorder.frames().length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(recorder.frames().length - framesBefore).toBeLessThanOrEqual(3);
    await painting;
    await paint.fill(0, 0, 640, 480, 0x00aa00);
    await recorder.nextFrame((frame) => frame.capturedAtMs > until);
  });
});

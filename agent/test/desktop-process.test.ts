import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NativeDisplay, NativeFrame } from '../native/addon.d.ts';
import { buildNative } from '../native/build.mjs';
import { startPaintClient } from '../native/test/support/paint-client.ts';
import { startXServer, type XServer } from '../native/test/support/x-server.ts';
import { systemClock } from '../src/core/clock.ts';
import { type Log, silentLog } from '../src/core/log.ts';
import { createChildHelpers, helperPrograms } from '../src/desktop/child-helper.ts';
import { Desktop } from '../src/desktop/desktop.ts';
import { QualityPolicy } from '../src/quality/quality-policy.ts';

const ENTRY = fileURLToPath(new URL('../src/desktop/helper-entry.ts', import.meta.url));
const SETTINGS = new QualityPolicy({ bitrate: 4_000_000 }).settings;

/** A desktop on a real X server, its helper a real process. */
class Rig {
  readonly pids: number[] = [];
  readonly states: string[] = [];
  readonly frames: { frame: NativeFrame; inputs: readonly (readonly [string, number])[] }[] = [];
  displays: readonly NativeDisplay[] = [];
  pointer: { x: number; y: number } | undefined;
  readonly desktop: Desktop;

  constructor(display: string) {
    const log: Log = {
      ...silentLog,
      info: (fields) => {
        if ('pid' in fields && typeof fields.pid === 'number') this.pids.push(fields.pid);
      },
    };
    this.desktop = new Desktop({
      openHelper: createChildHelpers({
        programs: helperPrograms({ entry: ENTRY, execArgv: ['--import', 'tsx'] }),
        log,
      }),
      display,
      clock: systemClock,
      random: () => 0,
      log,
    });
    this.desktop.start({
      onDisplays: (displays) => {
        this.displays = displays;
      },
      onFrame: (_displayId, frame, inputs) => this.frames.push({ frame, inputs }),
      onTiles: () => {},
      onCursor: (event) => {
        if (event.type === 'cursor-position') this.pointer = { x: event.x, y: event.y };
      },
      onState: (state) => this.states.push(state),
      onInputFailed: () => {},
    });
  }

  get displayId(): string {
    return this.displays[0]?.id ?? '';
  }
}

let xServer: XServer;
let rig: Rig;

beforeEach(async () => {
  await buildNative();
  xServer = await startXServer('640x480');
  rig = new Rig(xServer.display);
});

afterEach(async () => {
  await rig.desktop.stop();
  rig.desktop.close();
  await until(() => expect(rig.pids.filter(isAlive)).toEqual([]));
  await xServer.kill();
});

const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 20 });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: it is gone.
    return false;
  }
}

async function watching(): Promise<void> {
  await until(() => expect(rig.displays).toHaveLength(1));
  rig.desktop.watch(rig.displayId, SETTINGS);
  await until(() => expect(rig.frames.length).toBeGreaterThan(0));
}

describe('the desktop in a process of its own', () => {
  it('lists displays and sends a whole picture as a key frame first', async () => {
    await watching();
    expect(rig.displays[0]).toMatchObject({ x: 0, y: 0, width: 640, height: 480 });
    const first = rig.frames[0]?.frame;
    expect(first).toMatchObject({ keyFrame: true, width: 640, height: 480 });
    expect(Buffer.isBuffer(first?.data)).toBe(true);
    expect(first?.data.subarray(0, 4)).toEqual(Buffer.of(0, 0, 0, 1));
    // One clock for both processes.
    expect(Math.abs(systemClock.monotonicMs() - (first?.capturedAtMs ?? 0))).toBeLessThan(10_000);
  });

  it('names the newest input in pictures grabbed after it, not in old pixels sent once more', async () => {
    await watching();
    const painter = await startPaintClient(xServer);
    rig.desktop.input('peer', 41, [{ type: 'move', x: 100, y: 100 }]);
    const seen = rig.frames.length;
    rig.desktop.requestKeyFrame(rig.displayId);
    await until(() => expect(rig.frames.length).toBeGreaterThan(seen));
    const newestInput = () => rig.frames.at(-1)?.inputs.find(([source]) => source === 'peer')?.[1];
    let colour = 0;
    await vi.waitFor(
      async () => {
        colour += 0x10_20_30;
        await painter.fill(0, 0, 300, 300, colour & 0xff_ff_ff);
        expect(newestInput()).toBe(41);
      },
      { timeout: 15_000, interval: 30 },
    );
    await painter.stop();
  });

  it('is started again when its process is killed, and goes on with a key frame', async () => {
    await watching();
    const seen = rig.frames.length;
    process.kill(rig.pids[0] ?? 0, 'SIGKILL');
    await until(() => expect(rig.states).toEqual(['running', 'unavailable', 'running']));
    await until(() => expect(rig.frames.length).toBeGreaterThan(seen));
    expect(rig.frames[seen]?.frame).toMatchObject({ keyFrame: true, frameId: 1 });
    expect(rig.pids).toHaveLength(2);
  });

  it('keeps trying while the display server is gone', async () => {
    await watching();
    await xServer.kill();
    await until(() =>
      expect(rig.states.filter((state) => state === 'unavailable').length).toBeGreaterThan(2),
    );
    expect(rig.states.at(-1)).toBe('unavailable');
  });

  it('shows and controls a display server that was started anew within two seconds of it', async () => {
    await watching();
    await xServer.kill();
    await until(() => expect(rig.states.at(-1)).toBe('unavailable'));
    const seen = rig.frames.length;
    xServer = await startXServer('800x600', xServer.display);
    const backMs = performance.now();
    await until(() => expect(rig.frames.length).toBeGreaterThan(seen));
    expect(performance.now() - backMs).toBeLessThan(2_000);
    expect(rig.frames[seen]?.frame).toMatchObject({ keyFrame: true, width: 800, height: 600 });
    expect(rig.displays[0]).toMatchObject({ width: 800, height: 600 });
    rig.desktop.input('peer', 1, [{ type: 'move', x: 700, y: 500 }]);
    await until(() => expect(rig.pointer).toEqual({ x: 700, y: 500 }));
    expect(rig.states.at(-1)).toBe('running');
  });

  it('goes on when its display server is started anew at once', async () => {
    await watching();
    const { display } = xServer;
    await xServer.kill();
    xServer = await startXServer('640x480', display);
    const seen = rig.frames.length;
    await until(() => expect(rig.frames.length).toBeGreaterThan(seen));
    rig.desktop.input('peer', 1, [{ type: 'move', x: 33, y: 44 }]);
    await until(() => expect(rig.pointer).toEqual({ x: 33, y: 44 }));
  });

  it('stops capture at once, and its process ends with it', async () => {
    await watching();
    const startedMs = performance.now();
    await rig.desktop.stop();
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    const seen = rig.frames.length;
    rig.desktop.requestKeyFrame(rig.displayId);
    rig.desktop.close();
    await until(() => expect(rig.pids.filter(isAlive)).toEqual([]));
    expect(rig.frames).toHaveLength(seen);
  });

  it('is stopped even when its process hangs', async () => {
    await watching();
    process.kill(rig.pids[0] ?? 0, 'SIGSTOP');
    const startedMs = performance.now();
    await rig.desktop.stop();
    expect(performance.now() - startedMs).toBeLessThan(1_500);
    await until(() => expect(rig.pids.filter(isAlive)).toEqual([]));
  });
});

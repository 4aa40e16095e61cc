import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { USAGE_OF_CODE } from '@guruconnect/shared';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Injector } from './injector.ts';
import { openInjector } from './open-injector.ts';
import { EventRecorder } from './test/event-recorder.ts';
import { Technician } from './test/technician.ts';
import { XServer } from './test/x-server.ts';
import { X11Connection } from './x11-connection.ts';
import { openX11Injector } from './x11-injector.ts';
import { loadX11Library } from './x11-library.ts';

let server: XServer;
let recorder: EventRecorder;
let observer: X11Connection;
let injector: Injector | undefined;

beforeAll(async () => {
  server = await XServer.start();
  await server.setLayout('us');
  recorder = await EventRecorder.start(server);
  observer = new X11Connection(loadX11Library(), server.display);
});

afterEach(() => {
  injector?.close();
  injector = undefined;
});

afterAll(async () => {
  observer.close();
  await recorder.stop();
  await server.stop();
});

test('a machine with the X libraries gets the injector that types every character', async () => {
  injector = await openInjector(server.display, { onFallback: (reason) => expect.fail(String(reason)) });
  injector.text('ñ€漢');
  expect(await recorder.takeText(injector)).toBe('ñ€漢');
});

test('a display that does not exist is an error', async () => {
  await expect(openInjector(':4095')).rejects.toMatchObject({ code: 'unavailable' });
});

describe('without the X libraries', () => {
  const reasons: unknown[] = [];

  async function openFallback(): Promise<Injector> {
    injector = await openInjector(server.display, {
      loadLibrary: () => Promise.reject(new Error('no koffi here')),
      onFallback: (reason) => reasons.push(reason),
    });
    return injector;
  }

  test('the fallback says why and types ASCII', async () => {
    const fallback = await openFallback();
    expect(reasons).toMatchObject([{ message: 'no koffi here' }]);
    const technician = new Technician(fallback);
    technician.press('KeyA', 'a');
    technician.chord(['ShiftLeft'], 'Digit1', '!');
    fallback.text('Hi €there\n');
    expect(await recorder.takeText(fallback)).toBe('a!Hi there\r');
  });

  test('the fallback knows shortcuts, buttons and the wheel', async () => {
    const fallback = await openFallback();
    new Technician(fallback).chord(['ControlLeft'], 'KeyC', 'c');
    new Technician(fallback).chord(['ShiftLeft'], 'ArrowRight');
    fallback.button(2, true);
    fallback.button(2, false);
    fallback.wheel(0, 60);
    fallback.wheel(0, 60);
    const events = (await recorder.take(fallback)).filter((event) => event.includes('press'));
    expect(events.map((event) => event.split(' ').slice(0, 1).concat(event.split(' ').slice(2, 4)))).toEqual([
      ['press', 'ffe3', '0'],
      ['press', '63', '4'],
      ['press', 'ffe1', '0'],
      ['press', 'ff53', '1'],
      ['button-press', '0'],
      ['button-press', '0'],
    ]);
    expect(events.slice(-2).map((event) => event.split(' ')[1])).toEqual(['3', '5']);
  });

  test('the fallback releases everything', async () => {
    const fallback = await openFallback();
    const technician = new Technician(fallback);
    for (const code of ['ControlLeft', 'ShiftLeft', 'AltLeft', 'F4'] as const) technician.down(code);
    fallback.held([USAGE_OF_CODE.ShiftLeft]);
    await recorder.take(fallback);
    expect(observer.keysDown()).toEqual([50]);
    fallback.releaseAll();
    await recorder.take(fallback);
    expect(observer.keysDown()).toEqual([]);
  });
});

describe('a process that goes away', () => {
  const program = fileURLToPath(new URL('./test/hold-keys.ts', import.meta.url));

  async function holdKeys(): Promise<ReturnType<typeof spawn>> {
    const child = spawn(process.execPath, ['--import', 'tsx', program, server.display], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (child.stdout === null) throw new Error('no output');
    await once(child.stdout, 'data');
    expect(observer.keysDown()).toEqual([37, 38, 50]);
    return child;
  }

  test('by its own exit leaves no key down', async () => {
    const child = await holdKeys();
    child.stdin?.end();
    await once(child, 'exit');
    expect(observer.keysDown()).toEqual([]);
  });

  test('by SIGKILL leaves keys down until the next injector opens', async () => {
    const child = await holdKeys();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(observer.keysDown()).toEqual([37, 38, 50]);
    injector = openX11Injector(server.display);
    injector.move(1, 1);
    await recorder.take(injector);
    expect(observer.keysDown()).toEqual([]);
  });
});

test('a display server that goes away does not end the process', async () => {
  const brief = await XServer.start();
  const orphan = openX11Injector(brief.display);
  orphan.button(0, true);
  await brief.stop();
  expect(() => {
    for (let i = 0; i < 100; i++) orphan.button(0, i % 2 === 1);
  }).toThrow('The display server went away.');
  expect(() => orphan.text('a')).toThrow('The display server went away.');
  orphan.releaseAll();
  orphan.close();
});

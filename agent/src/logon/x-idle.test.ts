import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { XServer } from '../input/test/x-server.ts';
import { X11Connection } from '../input/x11-connection.ts';
import { loadX11Library } from '../input/x11-library.ts';
import { readIdleMs } from './x-idle.ts';

let xServer: XServer;
beforeAll(async () => {
  xServer = await XServer.start();
});
afterAll(() => xServer.stop());

const socketOf = (display: string) => `/tmp/.X11-unix/X${display.slice(1)}`;

it('an X server says how long nobody used keyboard or mouse', async () => {
  const person = new X11Connection(loadX11Library(), xServer.display);
  const socket = socketOf(xServer.display);
  await vi.waitFor(async () => expect(await readIdleMs(socket, undefined)).toBeGreaterThan(300), 5_000);
  const before = await readIdleMs(socket, undefined);
  person.key(38, true);
  person.key(38, false);
  person.flush();
  await vi.waitFor(async () => expect(await readIdleMs(socket, undefined)).toBeLessThan(before ?? 0), 5_000);
  person.close();
});

it('nothing is known of a display that is not there, or that says nonsense', async () => {
  expect(await readIdleMs('/tmp/.X11-unix/X9731', undefined)).toBeUndefined();
  const dir = await mkdtemp(path.join(tmpdir(), 'gc-x-'));
  const file = path.join(dir, 'X0');
  for (const said of [Buffer.alloc(0), Buffer.from([0, 3, 0, 0]), Buffer.alloc(64, 1)]) {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.resume().end(said);
    });
    await new Promise<void>((resolve) => server.listen(file, resolve));
    expect(await readIdleMs(file, undefined)).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
  }
  await rm(dir, { recursive: true });
});

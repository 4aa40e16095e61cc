import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';

/** A virtual X server of a test's own, on a display number the server chose itself. */
export interface XServer {
  readonly display: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the screen holds, without cursor: BGRA, row by row. Ask after a round trip to the server. */
  readPixels(): Promise<Buffer>;
  /** Ends the server at once, as a crash would. Safe to call twice. */
  kill(): Promise<void>;
}

/** `on` is the display (`:7`) of a server that has gone; without it the server takes a free number. */
export async function startXServer(size: string, on?: string): Promise<XServer> {
  const frameBufferDir = await mkdtemp(path.join(tmpdir(), 'gc-screen-'));
  const number = on === undefined ? [] : [on];
  const args = [...number, '-displayfd', '3', '-screen', '0', `${size}x24`, '-noreset', '-nolisten', 'tcp'];
  const child = spawn('Xvfb', [...args, '-fbdir', frameBufferDir], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const display = `:${await readDisplayNumber(child)}`;
  return {
    display,
    env: { ...process.env, DISPLAY: display },
    readPixels: async () => pixelsOfDump(await readFile(path.join(frameBufferDir, 'Xvfb_screen0'))),
    kill: async () => {
      await killAndWait(child);
      await rm(frameBufferDir, { recursive: true, force: true });
    },
  };
}

/** The XWD format: header size in word 0, number of 12-byte colours in word 19, width and height in 4 and 5. */
function pixelsOfDump(dump: Buffer): Buffer {
  const word = (index: number): number => dump.readUInt32BE(index * 4);
  const start = word(0) + word(19) * 12;
  return dump.subarray(start, start + word(4) * word(5) * 4);
}

async function readDisplayNumber(child: ChildProcess): Promise<string> {
  const pipe = child.stdio[3] as Readable;
  const [first] = await Promise.race([
    once(pipe, 'data'),
    once(child, 'error').then(([error]) => Promise.reject(error)),
    once(child, 'exit').then(() => Promise.reject(new Error('Xvfb ended before it was ready'))),
  ]);
  return String(first).trim();
}

/** Waits until the process is gone, so that the next test finds a quiet machine. */
export async function killAndWait(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { buildNative } from '../../build.mjs';
import { killAndWait, type XServer } from './x-server.ts';

/** A window over the whole screen; each call resolves after the X server carried it out. */
export interface PaintClient {
  fill(x: number, y: number, width: number, height: number, rgb: number): Promise<void>;
  /** Black lines of text on white. */
  text(lines: number): Promise<void>;
  scroll(pixels: number): Promise<void>;
  movePointer(x: number, y: number): Promise<void>;
  /** A number of the X cursor font. */
  setCursor(shape: number): Promise<void>;
  /** Makes or replaces a monitor, as RandR 1.5 allows on any server. */
  setMonitor(name: string, x: number, y: number, width: number, height: number): Promise<void>;
  /** A round trip to the server, nothing else. */
  sync(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPaintClient(server: XServer): Promise<PaintClient> {
  const { paintClient } = await buildNative({ targets: ['paintClient'] });
  const child = spawn(paintClient, { env: server.env, stdio: ['pipe', 'pipe', 'inherit'] });
  const replies = createInterface(child.stdout)[Symbol.asyncIterator]();
  await replies.next();
  const say = async (command: string): Promise<void> => {
    child.stdin.write(`${command}\n`);
    const reply = await replies.next();
    if (reply.value !== 'ok') throw new Error(`the paint client did not carry out '${command}'`);
  };
  return {
    fill: (x, y, width, height, rgb) => say(`fill ${x} ${y} ${width} ${height} ${rgb.toString(16)}`),
    text: (lines) => say(`text ${lines}`),
    scroll: (pixels) => say(`scroll ${pixels}`),
    movePointer: (x, y) => say(`move ${x} ${y}`),
    setCursor: (shape) => say(`cursor ${shape}`),
    setMonitor: (name, x, y, width, height) => say(`monitor ${name} ${x} ${y} ${width} ${height}`),
    sync: () => say('sync'),
    stop: () => killAndWait(child),
  };
}

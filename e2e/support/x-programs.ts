import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Desktop } from '../../tools/stack/desktop.ts';
import type { ManagedProcess } from '../../tools/stack/managed-process.ts';
import { compileXClient } from '../../tools/stack/x-client.ts';
import type { Picture } from './bar-code.ts';

/** The small X11 programs in `x11/`; what each does and prints stands at the head of its source. */
export type XProgram = 'click-targets' | 'frame-source' | 'key-flip' | 'key-text';

const sourceOf = (name: string) => fileURLToPath(new URL(`x11/${name}.c`, import.meta.url));

/** Starts one of them on the desktop, compiled if need be, and waits until it is on the screen. */
export async function runXProgram(
  desktop: Desktop,
  name: XProgram,
  args: readonly string[] = [],
): Promise<ManagedProcess> {
  const program = desktop.run(await compileXClient(sourceOf(name)), args);
  await program.waitFor(/^ready/m, 10_000);
  return program;
}

/** What the X server truly shows now, without the pointer. */
export async function screenShot(desktop: Desktop): Promise<Picture> {
  const program = await compileXClient(sourceOf('screen-shot'));
  const bytes = await outputOf(program, desktop.env);
  const width = bytes.readUInt32LE(0);
  const height = bytes.readUInt32LE(4);
  const rgba = bytes.subarray(8);
  if (rgba.length !== width * height * 4) throw new Error('The screen shot is cut short.');
  return { width, height, rgba };
}

function outputOf(program: string, env: NodeJS.ProcessEnv, args: readonly string[] = []): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(Buffer.concat(chunks)) : reject(new Error(`${program} ended with ${code}.`)),
    );
  });
}

/** Presses keys at the machine itself, by the names of their keysyms; `@X,Y` is a click there. */
export async function pressAtTheMachine(desktop: Desktop, ...presses: string[]): Promise<void> {
  await outputOf(await compileXClient(sourceOf('press-keys')), desktop.env, presses);
}

/** How many keys and pointer buttons the X server has as pressed. */
export async function heldKeys(desktop: Desktop): Promise<{ keys: number; buttons: number }> {
  const program = await compileXClient(sourceOf('held-keys'));
  const text = (await outputOf(program, desktop.env)).toString('utf8');
  const [, keys, buttons] = /^keys (\d+) buttons (\d+)$/m.exec(text) ?? [];
  return { keys: Number(keys), buttons: Number(buttons) };
}

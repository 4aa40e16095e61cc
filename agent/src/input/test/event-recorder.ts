import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Injector } from '../injector.ts';
import { isModifierKeysym } from '../keysyms.ts';
import type { XServer } from './x-server.ts';

const run = promisify(execFile);

export interface SeenKey {
  readonly down: boolean;
  readonly keycode: number;
  readonly keysym: number;
  readonly state: number;
  readonly text: string;
}

/** A full-screen X application that tells which events reach it. */
export class EventRecorder {
  readonly #process: ChildProcessByStdio<null, Readable, null>;
  readonly #folder: string;
  #lines: string[] = [];
  #waiting: { line: string; resolve: () => void } | undefined;
  #marks = 0;

  private constructor(child: ChildProcessByStdio<null, Readable, null>, folder: string) {
    this.#process = child;
    this.#folder = folder;
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#lines.push(line);
      if (line === this.#waiting?.line) this.#waiting.resolve();
    });
  }

  static async start(server: XServer): Promise<EventRecorder> {
    const folder = await mkdtemp(join(tmpdir(), 'record-events-'));
    const program = join(folder, 'record-events');
    const source = fileURLToPath(new URL('./record-events.c', import.meta.url));
    await run('gcc', ['-O1', '-Wall', '-Werror', source, '-o', program, '-lX11']);
    const child = spawn(program, [], { env: server.env, stdio: ['ignore', 'pipe', 'inherit'] });
    const recorder = new EventRecorder(child, folder);
    await recorder.#seen('focus');
    return recorder;
  }

  /** All events since the last call, once everything that the injector has sent so far has arrived. */
  async take(injector: Injector): Promise<string[]> {
    this.#marks = (this.#marks + 1) % 1000;
    injector.move(100 + this.#marks, 7);
    const mark = `motion ${100 + this.#marks} 7`;
    await this.#seen(mark);
    const events = this.#lines.filter((line) => line !== mark && line !== 'focus');
    this.#lines = [];
    return events;
  }

  async takeKeys(injector: Injector): Promise<SeenKey[]> {
    const events = await this.take(injector);
    return events.filter((line) => /^(press|release) /.test(line)).map(parseKey);
  }

  /** What an application would have typed: the texts of all presses, in order. */
  async takeText(injector: Injector): Promise<string> {
    const keys = await this.takeKeys(injector);
    const pressed = keys.filter((key) => key.down && !isModifierKeysym(key.keysym));
    return pressed.map((key) => key.text).join('');
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await gone;
    await rm(this.#folder, { recursive: true });
  }

  #seen(line: string): Promise<void> {
    if (this.#lines.includes(line)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { line, resolve };
    });
  }
}

function parseKey(line: string): SeenKey {
  const [kind = '', keycode = '', keysym = '', state = '', hex = ''] = line.split(' ');
  return {
    down: kind === 'press',
    keycode: Number(keycode),
    keysym: Number.parseInt(keysym, 16),
    state: Number.parseInt(state, 16),
    text: Buffer.from(hex, 'hex').toString('utf8'),
  };
}

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A virtual X server of its own for one test file. */
export class XServer {
  readonly display: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, display: string) {
    this.#process = process;
    this.display = display;
  }

  static async start(width = 1280, height = 720): Promise<XServer> {
    const child = spawn(
      'Xvfb',
      ['-displayfd', '3', '-noreset', '-nolisten', 'tcp', '-screen', '0', `${width}x${height}x24`],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
    );
    const lines = createInterface({ input: child.stdio[3] as Readable });
    const [number] = (await once(lines, 'line')) as [string];
    return new XServer(child, `:${number.trim()}`);
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, DISPLAY: this.display, LC_ALL: 'C.UTF-8' };
  }

  /** Sets the keyboard layout like a desktop's settings do. */
  async setLayout(layout: string, ...more: string[]): Promise<void> {
    const args = ['-rules', 'evdev', '-model', 'pc105', '-layout', layout, '-option', '', ...more];
    await run('setxkbmap', args, { env: this.env });
  }

  async stop(): Promise<void> {
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await gone;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ProcessEnd } from '../stack/managed-process.ts';
import { WINE } from './wine-environment.ts';

export interface WineProcessOptions {
  /** A path of this computer or of Windows (`C:\...`), or the bare name of one of Wine's programs (`msiexec`). */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Both output streams go there; node.exe accepts no pipe under Wine. */
  readonly outputFile: string;
}

/** How often a file is looked at that grows without telling. */
const LOOK_EVERY_MS = 50;

/** A Windows program that runs under Wine; its id is the one of its process on this computer. */
export class WineProcess {
  readonly name: string;
  /** Resolves when it has ended. Of its exit code Linux passes on the lowest 8 bits. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #outputFile: string;
  #isRunning = true;

  constructor(options: WineProcessOptions) {
    this.name = options.program;
    this.#outputFile = options.outputFile;
    mkdirSync(dirname(options.outputFile), { recursive: true });
    const output = openSync(options.outputFile, 'a', 0o600);
    this.#child = spawn(WINE, [options.program, ...options.args], {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('exit', (code, signal) => {
        this.#isRunning = false;
        resolve({ code, signal });
      });
    });
    // Whoever waits for its end learns of a failed start; nobody else must.
    this.ended.catch(() => {
      this.#isRunning = false;
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.name} did not start.`);
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Everything it has printed so far. */
  get output(): string {
    return readFileSync(this.#outputFile, 'utf8');
  }

  /** Waits for output that matches; rejects with the output when it ends before or `timeoutMs` have passed. */
  async waitFor(pattern: RegExp, timeoutMs = 60_000): Promise<RegExpExecArray> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const wasRunning = this.#isRunning;
      const match = pattern.exec(this.output);
      if (match) return match;
      if (!wasRunning) throw new Error(`${this.name} ended before it printed ${pattern}:\n${this.output}`);
      if (performance.now() > deadline) {
        throw new Error(`${this.name} did not print ${pattern} within ${timeoutMs} ms:\n${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** Ends it at once, as a crash would; what it started stays. */
  async kill(): Promise<ProcessEnd> {
    if (this.#isRunning) this.#child.kill('SIGKILL');
    return this.ended;
  }
}

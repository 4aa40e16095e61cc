import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

export interface ProcessOptions {
  /** What it is called in errors and logs. */
  readonly name: string;
  readonly program: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** The whole environment; by default ours. */
  readonly env?: NodeJS.ProcessEnv;
  /** What it prints goes there as well. */
  readonly logFile?: string;
  /** Whether `child.stdin` can be written to; by default it has no input. */
  readonly hasInput?: boolean;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that we started, whose output we keep, and that we stop by its own id. */
export class ManagedProcess {
  readonly name: string;
  readonly child: ChildProcess;
  /** Resolves when it is gone and its output is complete. */
  readonly ended: Promise<ProcessEnd>;
  #output = '';
  #end: ProcessEnd | undefined;
  readonly #watchers = new Set<() => void>();

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.child = spawn(options.program, options.args ?? [], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      // A group of its own: Ctrl-C in our terminal reaches us alone, and we stop things in order.
      detached: true,
      stdio: [options.hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    const log = options.logFile ? createWriteStream(options.logFile, { flags: 'a', mode: 0o600 }) : undefined;
    const take = (chunk: Buffer) => {
      this.#output += chunk.toString('utf8');
      log?.write(chunk);
      for (const watcher of this.#watchers) watcher();
    };
    this.child.stdout?.on('data', take);
    this.child.stderr?.on('data', take);
    this.ended = new Promise((resolve) => {
      const finish = (end: ProcessEnd) => {
        this.#end = end;
        log?.end();
        for (const watcher of this.#watchers) watcher();
        resolve(end);
      };
      this.child.on('close', (code, signal) => finish({ code, signal }));
      this.child.on('error', (error) => {
        this.#output += `${error}\n`;
        finish({ code: null, signal: null });
      });
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} did not start:\n${this.#output}`);
    return this.child.pid;
  }

  /** Everything it has printed so far, both streams. */
  get output(): string {
    return this.#output;
  }

  get isRunning(): boolean {
    return this.#end === undefined;
  }

  /**
   * Waits for output that matches, from `from` characters on. Rejects with the output when the program ends
   * before, or when `timeoutMs` have passed.
   */
  waitFor(pattern: RegExp, timeoutMs = 20_000, from = 0): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.#watchers.delete(look);
        clearTimeout(timer);
        act();
      };
      const fail = (why: string) =>
        settle(() => reject(new Error(`${this.name} ${why} ${pattern}. It printed:\n${this.#output}`)));
      const look = () => {
        const match = pattern.exec(this.#output.slice(from));
        if (match) settle(() => resolve(match));
        else if (this.#end) fail(`ended (${this.#end.signal ?? this.#end.code}) before it printed`);
      };
      const timer = setTimeout(() => fail(`did not print within ${timeoutMs} ms`), timeoutMs);
      this.#watchers.add(look);
      look();
    });
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.child.kill(signal);
  }

  /** Asks it to end, and after `graceMs` ends it and what it started. Resolves when it is gone. */
  async stop(graceMs = 8_000): Promise<ProcessEnd> {
    this.signal('SIGTERM');
    const timer = setTimeout(() => killGroup(this.child.pid), graceMs);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Gone in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

import { type ChildProcess, fork } from 'node:child_process';
import * as z from 'zod/mini';
import type { Clock } from '../../core/clock.ts';
import { forkArguments } from '../../core/fork-arguments.ts';
import { type ProgramJob, ProgramJobAnswer } from './worker-messages.ts';

/** One that has had nothing to do for so long ends: its memory is 100 MB after a big program. */
const IDLE_MS = 20_000;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Puts resources into programs in a process of its own, which is there only while there is work. */
export class ProgramMaker {
  readonly #deps: { entry: string; clock: Clock };
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #nextId = 1;
  #cancelIdle: (() => void) | undefined;

  /** `entry`: TypeScript, or JavaScript of a bundle. */
  constructor(deps: { entry: string; clock: Clock }) {
    this.#deps = deps;
  }

  /** Resolves when the copy is written; rejects with the reason in plain words. */
  make(job: Omit<ProgramJob, 'id'>): Promise<void> {
    this.#cancelIdle?.();
    const child = this.#child ?? this.#start();
    const id = this.#nextId++;
    const message: ProgramJob = { id, ...job };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      child.send(message, (error) => {
        if (error) this.#settle(id, error);
      });
    });
  }

  close(): void {
    this.#cancelIdle?.();
    this.#child?.kill('SIGKILL');
  }

  #start(): ChildProcess {
    const { entry } = this.#deps;
    const child = fork(entry, [], {
      execArgv: forkArguments(entry),
      // Nothing of the server's environment, with its secrets, is its business.
      env: {},
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    child.on('message', (raw) => {
      const { id, problem } = z.parse(ProgramJobAnswer, raw);
      this.#settle(id, problem === null ? undefined : new Error(problem));
    });
    const end = () => {
      if (this.#child === child) this.#child = undefined;
      for (const id of [...this.#waiting.keys()]) this.#settle(id, new Error('The program maker ended.'));
    };
    child.once('exit', end);
    child.once('error', end);
    return child;
  }

  #settle(id: number, error: Error | undefined): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(error);
    else waiting?.resolve();
    if (this.#waiting.size > 0) return;
    this.#cancelIdle?.();
    this.#cancelIdle = this.#deps.clock.after(IDLE_MS, () => this.#child?.kill('SIGKILL'));
  }
}

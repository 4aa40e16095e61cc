import { type ChildProcess, fork } from 'node:child_process';
import * as z from 'zod/mini';
import type { Clock } from '../../core/clock.ts';
import { followErrorOutput } from '../../core/error-output.ts';
import { forkArguments } from '../../core/fork-arguments.ts';
import type { Log } from '../../core/ports.ts';
import type { Signer, SigningIdentity } from './signer.ts';
import { FromSigner, type ToSigner } from './signer-messages.ts';

interface Deps {
  /** TypeScript, or JavaScript of a bundle. */
  readonly entry: string;
  /** Names of files, by variable of the configuration. */
  readonly variables: Readonly<Record<string, string>>;
  /** Files below it alone are signed. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}
interface Waiting {
  readonly resolve: (answer: FromSigner) => void;
  readonly reject: (error: Error) => void;
}

/** A certificate may be renewed while the server runs. */
const IDENTITY_MS = 60_000;
/** After a failure programs are handed out unsigned for so long, rather than not at all. */
const PAUSE_MS = 5 * 60_000;

/** The signer in a process of its own, started when it is first asked. */
export class ForkedSigner implements Signer {
  readonly #deps: Deps;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #nextId = 1;
  #known: { until: number; identity: Promise<SigningIdentity | undefined> } | undefined;
  #problem: string | null = null;
  #isClosed = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  identity(): Promise<SigningIdentity | undefined> {
    const now = this.#deps.clock.now();
    if (this.#known && now < this.#known.until) return this.#known.identity;
    const identity = this.#ask('identity', '').then(
      (answer) => {
        this.#problem = null;
        return answer.identity ?? undefined;
      },
      (error: Error) => {
        this.#fail(error);
        return undefined;
      },
    );
    this.#known = { until: now + IDENTITY_MS, identity };
    return identity;
  }

  async problem(): Promise<string | null> {
    await this.identity();
    return this.#problem;
  }

  sign(path: string): Promise<void> {
    return this.#work('sign', path);
  }

  addBlob(path: string): Promise<void> {
    return this.#work('add-blob', path);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#child?.kill('SIGKILL');
  }

  async #work(ask: 'sign' | 'add-blob', path: string): Promise<void> {
    try {
      await this.#ask(ask, path);
    } catch (error) {
      this.#fail(error);
      this.#known = {
        until: this.#deps.clock.now() + PAUSE_MS,
        identity: Promise.resolve(undefined),
      };
      throw error;
    }
  }

  #fail(error: unknown): void {
    this.#problem = error instanceof Error ? error.message : String(error);
    if (!this.#isClosed) this.#deps.log.error({ err: error }, 'programs cannot be signed');
  }

  #ask(ask: ToSigner['ask'], path: string): Promise<FromSigner> {
    if (this.#isClosed) return Promise.reject(new Error('The signer is closed.'));
    const child = this.#child ?? this.#start();
    const message: ToSigner = { id: this.#nextId++, ask, path };
    return new Promise((resolve, reject) => {
      this.#waiting.set(message.id, { resolve, reject });
      child.send(message, (error) => {
        if (error) this.#waiting.get(message.id)?.reject(error);
      });
    });
  }

  #start(): ChildProcess {
    const { entry, variables, folder, clock, log } = this.#deps;
    const child = fork(entry, [folder, JSON.stringify(variables)], {
      execArgv: forkArguments(entry),
      // Nothing of the server's environment, with its secrets, is its business.
      env: {},
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    if (child.stderr) followErrorOutput(child.stderr, { name: 'the signer', clock, log });
    child.on('message', (raw) => {
      const answer = z.parse(FromSigner, raw);
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.problem === null) waiting?.resolve(answer);
      else waiting?.reject(new Error(answer.problem));
    });
    const end = () => {
      if (this.#child === child) this.#child = undefined;
      for (const { reject } of this.#waiting.values()) reject(new Error('The signer has ended.'));
      this.#waiting.clear();
    };
    child.once('exit', end);
    child.once('error', end);
    return child;
  }
}

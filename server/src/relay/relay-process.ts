import { type ChildProcess, fork } from 'node:child_process';
import { FromRelay, type ToRelay } from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { Clock } from '../core/clock.ts';
import { followErrorOutput } from '../core/error-output.ts';
import { forkArguments } from '../core/fork-arguments.ts';
import type { Log } from '../core/ports.ts';

export interface RelayTls {
  readonly cert: string;
  readonly key: string;
}

export interface RelayProcessDeps {
  /** TypeScript, or JavaScript of a bundle. */
  readonly entry: string;
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly clock: Clock;
  readonly log: Log;
}

const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 30_000;
/** One that ran for so long was well; the next fault begins again with the shortest pause. */
const WELL_AFTER_MS = 60_000;
const CLOSE_TIMEOUT_MS = 3_000;

/** The relay beside this server: started, and started again whenever it ends. */
export class RelayProcess {
  readonly #deps: RelayProcessDeps;
  #tls: RelayTls | undefined;
  #child: ChildProcess | undefined;
  #port: number | undefined;
  #failures = 0;
  #isClosing = false;
  #cancelRestart: (() => void) | undefined;

  constructor(deps: RelayProcessDeps) {
    this.#deps = deps;
  }

  /** Where it listens; undefined while it does not. */
  get port(): number | undefined {
    return this.#port;
  }

  start(tls: RelayTls | undefined): void {
    this.#tls = tls;
    this.#spawn();
  }

  /** Serves new connections with a newer certificate. */
  renew(tls: RelayTls): void {
    this.#tls = tls;
    if (this.#child) this.#send(this.#child, { type: 'certificate', tls });
  }

  /** Ends all pairs and the process. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#cancelRestart?.();
    const child = this.#child;
    if (!child) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    this.#send(child, { type: 'stop' });
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }

  #spawn(): void {
    const { entry, host, port, secret, clock, log } = this.#deps;
    const startedAt = clock.now();
    const child = fork(entry, [], {
      execArgv: forkArguments(entry),
      // Nothing of the server's environment, with its secrets, is the relay's business.
      env: {},
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    if (child.stderr) followErrorOutput(child.stderr, { name: 'the relay', clock, log });
    child.on('message', (raw) => this.#take(child, z.parse(FromRelay, raw)));
    child.on('error', (error) => log.error({ err: error }, 'the relay cannot be started'));
    child.once('exit', (code, signal) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#port = undefined;
      if (this.#isClosing) return;
      if (clock.now() - startedAt > WELL_AFTER_MS) this.#failures = 0;
      this.#restartLater(signal ?? `exit code ${code}`);
    });
    const tls = this.#tls && { cert: this.#tls.cert, key: this.#tls.key };
    this.#send(child, { type: 'start', host, port, secret, ...(tls ? { tls } : {}) });
  }

  #take(child: ChildProcess, message: FromRelay): void {
    if (this.#child !== child) return;
    const { log } = this.#deps;
    if (message.type === 'failed') {
      log.warn({ reason: message.message }, 'the relay does not start');
      return;
    }
    this.#port = message.port;
    log.info({ port: message.port }, 'the relay listens');
  }

  #restartLater(why: string): void {
    const { clock, log } = this.#deps;
    const pauseMs = Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** this.#failures);
    this.#failures += 1;
    log.warn({ why, pauseMs }, 'the relay has ended; it is started again');
    this.#cancelRestart = clock.after(pauseMs, () => this.#spawn());
  }

  /** A child that has just died takes no messages; its end is told by itself. */
  #send(child: ChildProcess, message: ToRelay): void {
    if (child.connected) child.send(message, () => undefined);
  }
}

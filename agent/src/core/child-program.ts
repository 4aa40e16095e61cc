import { fork } from 'node:child_process';

export interface ChildProgramOptions {
  /** A script: TypeScript, or its bundle. */
  readonly entry: string;
  /** Node options; by default those of this process, so that a TypeScript loader is inherited. */
  readonly execArgv?: readonly string[] | undefined;
  /** What it writes to its error output goes where ours goes, or is `told` to the listener. */
  readonly errorOutput: 'inherit' | 'told';
}

export interface ChildProgramListener<Out> {
  onMessage(message: Out): void;
  /** It has ended, by itself or by force; told once, nothing follows. */
  onGone(reason: string): void;
  onErrorOutput?(text: string): void;
}

/**
 * A script of ours in a process of its own, with which plain values are exchanged. They are our own words over a
 * private channel: no need to parse them. It sees its channel close when this process dies.
 */
export class ChildProgram<In extends object, Out> {
  readonly #child: ReturnType<typeof fork>;
  #listener: ChildProgramListener<Out> | undefined;
  #goneBecause: string | undefined;

  constructor({ entry, execArgv, errorOutput }: ChildProgramOptions) {
    const child = fork(entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', errorOutput === 'told' ? 'pipe' : 'inherit', 'ipc'],
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#listener?.onErrorOutput?.(text.trim().slice(0, 500));
    });
    child.on('message', (message) => {
      if (!this.isGone) this.#listener?.onMessage(message as Out);
    });
    child.on('error', (error) => this.#gone(error.message));
    child.on('exit', (code, signal) => this.#gone(signal ? `ended by ${signal}` : `ended with code ${code}`));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isGone(): boolean {
    return this.#goneBecause !== undefined;
  }

  /** Who is told from now on. What the program said before there was anybody is lost, its end is not. */
  listen(listener: ChildProgramListener<Out> | undefined): void {
    this.#listener = listener;
    const reason = this.#goneBecause;
    if (reason !== undefined) setImmediate(() => this.#listener?.onGone(reason));
  }

  /** Between its death and its end being told the channel is closed already: then this does nothing. */
  send(message: In): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** Ends it at once, whatever it does. Idempotent. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Closes its channel, so that it ends by itself, and ends it by force after `killAfterMs`. Idempotent. */
  end(killAfterMs: number): void {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.kill(), killAfterMs);
    timer.unref();
    this.#child.once('exit', () => clearTimeout(timer));
  }

  #gone(reason: string): void {
    if (this.#goneBecause !== undefined) return;
    this.#goneBecause = reason;
    this.#listener?.onGone(reason);
  }
}

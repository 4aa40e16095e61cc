import * as z from 'zod/mini';
import { FromLauncher, type ToLauncher } from './launcher-messages.ts';
import { connectLinePipe, type LinePipe } from './line-pipe.ts';

type Told<T extends FromLauncher['type']> = Extract<FromLauncher, { type: T }>;
const MAX_UNHEARD = 16;

type Listener = (message: FromLauncher) => void;

/** The native program that started this process, at the other end of its pipe. */
export class Launcher {
  /** Aborted once it is gone: then this process has no business any more. */
  readonly gone: AbortSignal;
  readonly #listeners = new Map<FromLauncher['type'], Set<Listener>>();
  /** What came before anybody listened for it. */
  readonly #unheard: FromLauncher[] = [];
  #pipe: Pick<LinePipe, 'send' | 'close'> | undefined;

  private constructor(gone: AbortSignal) {
    this.gone = gone;
  }

  /** Rejects with `unavailable` when it is gone already. */
  static async connect(path: string): Promise<Launcher> {
    const gone = new AbortController();
    const launcher = new Launcher(gone.signal);
    launcher.#pipe = await connectLinePipe(path, {
      onLine: (value) => launcher.#take(value),
      onClosed: () => gone.abort(),
    });
    return launcher;
  }

  tell(message: ToLauncher): void {
    this.#pipe?.send(message);
  }

  /** Calls back on each message of a type, those that came before included, until the returned function is called. */
  on<T extends FromLauncher['type']>(type: T, listener: (message: Told<T>) => void): () => void {
    const mine: Listener = (message) => listener(message as Told<T>);
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(mine));
    for (const message of this.#unheard.filter((one) => one.type === type)) {
      this.#unheard.splice(this.#unheard.indexOf(message), 1);
      mine(message);
    }
    return () => listeners.delete(mine);
  }

  /** The next message of a type. Rejects with the signal's reason. */
  next<T extends FromLauncher['type']>(type: T, signal: AbortSignal): Promise<Told<T>> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const settled = new AbortController();
      signal.addEventListener(
        'abort',
        () => {
          settled.abort();
          reject(signal.reason);
        },
        { once: true, signal: settled.signal },
      );
      const stop = this.on(type, (message) => {
        settled.abort();
        resolve(message);
      });
      settled.signal.addEventListener('abort', stop);
      if (settled.signal.aborted) stop();
    });
  }

  /** Nothing more is told; resolves when what was told has left. */
  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#pipe?.close();
  }

  /** What is unknown comes from a launcher of another version. */
  #take(value: unknown): void {
    const parsed = z.safeParse(FromLauncher, value);
    if (!parsed.success) return;
    const listeners = [...(this.#listeners.get(parsed.data.type) ?? [])];
    for (const listener of listeners) listener(parsed.data);
    if (listeners.length === 0 && this.#unheard.length < MAX_UNHEARD) this.#unheard.push(parsed.data);
  }
}

import type { Injector, KeyInput } from './injector.ts';
import { JobQueue } from './job-queue.ts';
import { X11Connection } from './x11-connection.ts';
import { X11Keyboard } from './x11-keyboard.ts';
import { loadX11Library, type X11Library } from './x11-library.ts';
import { X11Pointer } from './x11-pointer.ts';

/**
 * Opens an injector on an X display (`:0`) through XTEST. It belongs in the desktop helper process: before
 * libX11 1.7 a display server that goes away ends the whole process.
 *
 * @throws `unavailable` when the libraries, the display or XTEST is missing
 */
export function openX11Injector(display: string, library: X11Library = loadX11Library()): Injector {
  return new X11Injector(new X11Connection(library, display));
}

class X11Injector implements Injector {
  readonly #connection: X11Connection;
  readonly #keyboard: X11Keyboard;
  readonly #pointer: X11Pointer;
  readonly #queue = new JobQueue();
  /** XTEST keys stay down when their client dies, so a process that exits lets go first. */
  readonly #onExit = () => this.close();
  #closed = false;

  constructor(connection: X11Connection) {
    this.#connection = connection;
    this.#keyboard = new X11Keyboard({
      connection,
      now: () => performance.now(),
      followMapChanges: () => this.#followMapChanges(),
    });
    this.#pointer = new X11Pointer(connection);
    process.once('exit', this.#onExit);
  }

  move(x: number, y: number): void {
    this.#do(() => this.#pointer.move(x, y));
  }

  button(button: number, down: boolean): void {
    this.#do(() => {
      this.#followMapChanges();
      this.#pointer.button(button, down);
    });
  }

  wheel(dx: number, dy: number): void {
    this.#do(() => this.#pointer.wheel(dx, dy));
  }

  key(input: KeyInput): void {
    this.#do(() => this.#keyboard.key(input));
  }

  text(text: string): void {
    const job = { codePoints: codePointsToType(text), next: 0, lifted: undefined };
    this.#do(() => this.#keyboard.type(job));
  }

  held(usages: readonly number[]): void {
    this.#do(() => this.#keyboard.held(usages));
  }

  releaseAll(): void {
    this.#queue.clear();
    if (this.#closed || this.#connection.lost) return;
    this.#keyboard.releaseAll();
    this.#pointer.releaseAll();
  }

  close(): void {
    if (this.#closed) return;
    process.off('exit', this.#onExit);
    try {
      this.releaseAll();
      this.#closed = true;
      if (!this.#connection.lost) this.#keyboard.close();
    } finally {
      this.#closed = true;
      this.#connection.close();
    }
  }

  /** A number is how long to wait before doing the rest. */
  #do(work: () => unknown): void {
    this.#queue.run(() => {
      const waitMs = work();
      return typeof waitMs === 'number' ? waitMs : 0;
    });
  }

  #followMapChanges(): void {
    if (!this.#connection.takeMapChanges()) return;
    this.#keyboard.mapChanged();
    this.#pointer.mappingChanged();
  }
}

/** Line ends of all systems become one Return; halves of surrogate pairs are no characters. */
function codePointsToType(text: string): number[] {
  const codePoints = [...text.replaceAll('\r\n', '\n')].map((character) => character.codePointAt(0) ?? 0);
  return codePoints.filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff);
}

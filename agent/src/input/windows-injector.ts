import type { Injector, KeyInput } from './injector.ts';
import type { WindowsInput } from './windows-input.ts';
import { WindowsKeyboard } from './windows-keyboard.ts';
import { WindowsPointer } from './windows-pointer.ts';

/** Hands on a Windows desktop. Nothing waits: Windows takes everything at once and keeps its order. */
export class WindowsInjector implements Injector {
  readonly #windows: WindowsInput;
  readonly #keyboard: WindowsKeyboard;
  readonly #pointer: WindowsPointer;
  /** Keys stay down when the process that pressed them dies, so one that exits lets go first. */
  readonly #onExit = () => this.close();
  #closed = false;

  constructor(windows: WindowsInput) {
    this.#windows = windows;
    this.#keyboard = new WindowsKeyboard(windows);
    this.#pointer = new WindowsPointer(windows);
    process.once('exit', this.#onExit);
  }

  move(x: number, y: number): void {
    this.#pointer.move(x, y);
  }

  button(button: number, down: boolean): void {
    this.#pointer.button(button, down);
  }

  wheel(dx: number, dy: number): void {
    this.#pointer.wheel(dx, dy);
  }

  key(input: KeyInput): void {
    this.#keyboard.key(input);
  }

  text(text: string): void {
    this.#keyboard.text(text);
  }

  held(usages: readonly number[]): void {
    this.#keyboard.held(usages);
  }

  releaseAll(): void {
    if (this.#closed) return;
    this.#keyboard.releaseAll();
    this.#pointer.releaseAll();
  }

  close(): void {
    if (this.#closed) return;
    process.off('exit', this.#onExit);
    try {
      this.releaseAll();
    } finally {
      this.#closed = true;
      this.#windows.close();
    }
  }
}

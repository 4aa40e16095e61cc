import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { restartDelayMs } from '../link/back-off.ts';
import type { Panel, PanelListener, PanelWindow, WindowCommand } from './panel.ts';

/** A process that draws panels, from its start to its end. */
export interface WindowProcess {
  /** One that is not ready yet shows the newest of what it was told as soon as it is. */
  tell(command: WindowCommand): void;
  /** Has it end; whether it is heard of afterwards does not matter. */
  close(): void;
}

export interface WindowProcessEvents {
  onPressed(buttonId: string): void;
  /** It ended, or could not be started. Never told before `start` returns; more than once does no harm. */
  onGone(why: string): void;
}

export interface WindowKeeperDeps {
  readonly start: (events: WindowProcessEvents) => WindowProcess;
  readonly clock: Pick<Clock, 'after'>;
  readonly random: () => number;
  readonly log: Log;
}

/** After so many ends in a row without a window there is none to be had here. */
const MAX_FAILURES = 4;
const STABLE_MS = 10_000;

/** Has panels drawn by a process that is started with the first of them, and again when it dies. */
export class WindowKeeper implements PanelWindow {
  readonly #deps: WindowKeeperDeps;
  readonly #listener: PanelListener;
  #panel: Panel | undefined;
  #process: WindowProcess | undefined;
  #cancelRestart: (() => void) | undefined;
  #failures = 0;
  #closed = false;

  constructor(deps: WindowKeeperDeps, listener: PanelListener) {
    this.#deps = deps;
    this.#listener = listener;
  }

  show(panel: Panel | undefined): void {
    if (this.#closed || JSON.stringify(panel) === JSON.stringify(this.#panel)) return;
    this.#panel = panel;
    if (this.#process) this.#tell(this.#process);
    else if (panel && !this.#cancelRestart && this.#failures < MAX_FAILURES) this.#start();
  }

  close(): void {
    this.#closed = true;
    this.#cancelRestart?.();
    const process = this.#process;
    this.#process = undefined;
    process?.close();
  }

  #start(): void {
    const startedAt = performance.now();
    const process = this.#deps.start({
      onPressed: (buttonId) => {
        if (process === this.#process) this.#listener.onPressed(buttonId);
      },
      onGone: (why) => {
        if (process === this.#process) this.#onGone(why, performance.now() - startedAt);
      },
    });
    this.#process = process;
    this.#tell(process);
  }

  #tell(process: WindowProcess): void {
    process.tell({ type: 'show', panel: this.#panel ?? null });
  }

  #onGone(why: string, livedMs: number): void {
    this.#process = undefined;
    this.#failures = livedMs > STABLE_MS ? 1 : this.#failures + 1;
    this.#deps.log.warn({ why }, 'the window process ended');
    if (this.#failures === MAX_FAILURES) {
      this.#listener.onUnavailable(why);
      return;
    }
    const delayMs = restartDelayMs(this.#failures, this.#deps.random);
    this.#cancelRestart = this.#deps.clock.after(delayMs, () => {
      this.#cancelRestart = undefined;
      if (this.#panel && !this.#closed) this.#start();
    });
  }
}

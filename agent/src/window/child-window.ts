import { type ChildProcess, fork } from 'node:child_process';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { restartDelayMs } from '../link/back-off.ts';
import type {
  OpenPanelWindow,
  Panel,
  PanelListener,
  PanelWindow,
  WindowCommand,
  WindowEvent,
} from './panel.ts';

export interface ChildWindowDeps {
  /** The script of the window process: `window-entry.ts`, or its bundle. */
  readonly entry: string;
  /** Node options; by default those of this process, so that a TypeScript loader is inherited. */
  readonly execArgv?: readonly string[];
  readonly display: string;
  readonly clock: Pick<Clock, 'after'>;
  readonly random: () => number;
  readonly log: Log;
}

/** After so many ends in a row without a window there is none to be had here. */
const MAX_FAILURES = 4;
const STABLE_MS = 10_000;

/**
 * The agent's windows in a process of their own: Xlib ends its process when the display goes, and drawing never
 * delays the session. It is started with the first panel and again when it dies.
 */
export function createChildWindows(deps: ChildWindowDeps): OpenPanelWindow {
  return (listener) => new ChildWindow(deps, listener);
}

class ChildWindow implements PanelWindow {
  readonly #deps: ChildWindowDeps;
  readonly #listener: PanelListener;
  #panel: Panel | undefined;
  #child: ChildProcess | undefined;
  #cancelRestart: (() => void) | undefined;
  #failures = 0;
  #closed = false;

  constructor(deps: ChildWindowDeps, listener: PanelListener) {
    this.#deps = deps;
    this.#listener = listener;
  }

  show(panel: Panel | undefined): void {
    if (this.#closed || JSON.stringify(panel) === JSON.stringify(this.#panel)) return;
    this.#panel = panel;
    if (this.#child) send(this.#child, panel);
    else if (panel && !this.#cancelRestart && this.#failures < MAX_FAILURES) this.#start();
  }

  close(): void {
    this.#closed = true;
    this.#cancelRestart?.();
    if (this.#child?.connected) this.#child.disconnect();
    this.#child = undefined;
  }

  #start(): void {
    const { entry, execArgv, display, log } = this.#deps;
    const child = fork(entry, [display], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    this.#child = child;
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-500);
    });
    // Our own process' words, over a private channel: no need to parse them.
    child.on('message', (event) => {
      if (child === this.#child) this.#listener.onPressed((event as WindowEvent).buttonId);
    });
    const startedAt = performance.now();
    let over = false;
    const gone = (why: string) => {
      if (over) return;
      over = true;
      if (child === this.#child) this.#onGone(said.trim() || why, performance.now() - startedAt);
    };
    child.on('error', (error) => gone(error.message));
    child.on('exit', (code, signal) => gone(signal ?? `ended with code ${code}`));
    log.info({ pid: child.pid }, 'the window process starts');
    send(child, this.#panel);
  }

  #onGone(why: string, livedMs: number): void {
    this.#child = undefined;
    if (this.#closed) return;
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

function send(child: ChildProcess, panel: Panel | undefined): void {
  const command: WindowCommand = { type: 'show', panel: panel ?? null };
  // Between its death and its `exit` event the channel is closed already; `gone` follows.
  if (child.connected) child.send(command, () => {});
}

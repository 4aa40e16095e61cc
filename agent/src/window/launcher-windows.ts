import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import * as z from 'zod/mini';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { LinePipe } from '../launcher/line-pipe.ts';
import { restartDelayMs } from '../link/back-off.ts';
import type { OpenPanelWindow, Panel, PanelListener, PanelWindow, WindowCommand } from './panel.ts';

export interface LauncherWindowsDeps {
  /** The native program; it is started with `--panel PIPE`. */
  readonly program: string;
  /** Where pipes are: a prefix on Windows, a folder elsewhere. */
  readonly pipePrefix: string;
  readonly clock: Pick<Clock, 'after'>;
  readonly random: () => number;
  readonly log: Log;
}

const Pressed = z.object({ type: z.literal('pressed'), buttonId: z.string() });

/** After so many ends in a row without a window there is none to be had here. */
const MAX_FAILURES = 4;
const STABLE_MS = 10_000;

/** The agent's windows, drawn by the native launcher. It is started with the first panel and again when it dies. */
export function createLauncherWindows(deps: LauncherWindowsDeps): OpenPanelWindow {
  return (listener) => new LauncherWindow(deps, listener);
}

interface Running {
  readonly server: net.Server;
  program: ChildProcess | undefined;
  pipe: LinePipe | undefined;
}

class LauncherWindow implements PanelWindow {
  readonly #deps: LauncherWindowsDeps;
  readonly #listener: PanelListener;
  #panel: Panel | undefined;
  #running: Running | undefined;
  #cancelRestart: (() => void) | undefined;
  #failures = 0;
  #closed = false;

  constructor(deps: LauncherWindowsDeps, listener: PanelListener) {
    this.#deps = deps;
    this.#listener = listener;
  }

  show(panel: Panel | undefined): void {
    if (this.#closed || JSON.stringify(panel) === JSON.stringify(this.#panel)) return;
    this.#panel = panel;
    if (this.#running) this.#tell();
    else if (panel && !this.#cancelRestart && this.#failures < MAX_FAILURES) this.#start();
  }

  close(): void {
    this.#closed = true;
    this.#cancelRestart?.();
    const running = this.#running;
    this.#running = undefined;
    running?.server.close();
    // It ends by itself when its pipe is closed.
    if (running?.pipe) void running.pipe.close();
    else running?.program?.kill();
  }

  #start(): void {
    const { program, pipePrefix, log } = this.#deps;
    const pipeName = `${pipePrefix}guruconnect-panel-${randomBytes(16).toString('hex')}`;
    const startedAt = performance.now();
    const server = net.createServer();
    const running: Running = { server, program: undefined, pipe: undefined };
    this.#running = running;
    let isOver = false;
    const gone = (why: string) => {
      if (isOver) return;
      isOver = true;
      server.close();
      void running.pipe?.close();
      if (running === this.#running) this.#gone(why, performance.now() - startedAt);
    };
    server.once('connection', (socket) => {
      // One program was started and one is let in.
      server.close();
      running.pipe = new LinePipe(socket, {
        onLine: (value) => this.#take(value),
        onClosed: () => gone('it closed its pipe'),
      });
      this.#tell();
    });
    server.on('error', (error) => gone(error.message));
    server.listen(pipeName, () => {
      const child = spawn(program, ['--panel', pipeName], { stdio: 'ignore', windowsHide: false });
      running.program = child;
      child.on('error', (error) => gone(error.message));
      child.on('exit', (code, signal) => gone(signal ?? `it ended with code ${code}`));
      log.info({ pid: child.pid }, 'the panel program starts');
    });
  }

  #tell(): void {
    const command: WindowCommand = { type: 'show', panel: this.#panel ?? null };
    this.#running?.pipe?.send(command);
  }

  #take(value: unknown): void {
    const pressed = z.safeParse(Pressed, value);
    if (pressed.success && !this.#closed) this.#listener.onPressed(pressed.data.buttonId);
  }

  #gone(why: string, livedMs: number): void {
    this.#running = undefined;
    if (this.#closed) return;
    this.#failures = livedMs > STABLE_MS ? 1 : this.#failures + 1;
    this.#deps.log.warn({ why }, 'the panel program ended');
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

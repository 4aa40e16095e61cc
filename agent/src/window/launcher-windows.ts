import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import * as z from 'zod/mini';
import { LinePipe } from '../launcher/line-pipe.ts';
import type { OpenPanelWindow, WindowCommand } from './panel.ts';
import {
  WindowKeeper,
  type WindowKeeperDeps,
  type WindowProcess,
  type WindowProcessEvents,
} from './window-keeper.ts';

export interface LauncherWindowsDeps extends Omit<WindowKeeperDeps, 'start'> {
  /** The native program; it is started with `--panel PIPE`. */
  readonly program: string;
  /** Where pipes are: a prefix on Windows, a folder elsewhere. */
  readonly pipePrefix: string;
}

const Pressed = z.object({ type: z.literal('pressed'), buttonId: z.string() });

/** The agent's windows, drawn by the native launcher. */
export function createLauncherWindows(deps: LauncherWindowsDeps): OpenPanelWindow {
  const start = (events: WindowProcessEvents) => new PanelProgram(deps, events);
  return (listener) => new WindowKeeper({ ...deps, start }, listener);
}

class PanelProgram implements WindowProcess {
  readonly #deps: LauncherWindowsDeps;
  readonly #events: WindowProcessEvents;
  readonly #server = net.createServer();
  #program: ChildProcess | undefined;
  #pipe: LinePipe | undefined;
  #newest: WindowCommand | undefined;
  #closed = false;

  constructor(deps: LauncherWindowsDeps, events: WindowProcessEvents) {
    this.#deps = deps;
    this.#events = events;
    const pipeName = `${deps.pipePrefix}guruconnect-panel-${randomBytes(16).toString('hex')}`;
    this.#server.once('connection', (socket) => this.#connected(socket));
    this.#server.on('error', (error) => this.#gone(error.message));
    this.#server.listen(pipeName, () => this.#spawn(pipeName));
  }

  tell(command: WindowCommand): void {
    this.#newest = command;
    this.#pipe?.send(command);
  }

  close(): void {
    this.#closed = true;
    this.#server.close();
    // It ends by itself when its pipe is closed.
    if (this.#pipe) void this.#pipe.close();
    else this.#program?.kill();
  }

  #spawn(pipeName: string): void {
    if (this.#closed) return;
    const program = spawn(this.#deps.program, ['--panel', pipeName], { stdio: 'ignore', windowsHide: false });
    this.#program = program;
    program.on('error', (error) => this.#gone(error.message));
    program.on('exit', (code, signal) => this.#gone(signal ?? `it ended with code ${code}`));
    this.#deps.log.info({ pid: program.pid }, 'the panel program starts');
  }

  #connected(socket: net.Socket): void {
    // One program was started and one is let in.
    this.#server.close();
    this.#pipe = new LinePipe(socket, {
      onLine: (value) => {
        const pressed = z.safeParse(Pressed, value);
        if (pressed.success) this.#events.onPressed(pressed.data.buttonId);
      },
      onClosed: () => this.#gone('it closed its pipe'),
    });
    if (this.#newest) this.#pipe.send(this.#newest);
  }

  #gone(why: string): void {
    if (this.#closed) return;
    this.close();
    this.#events.onGone(why);
  }
}

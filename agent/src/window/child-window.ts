import { fork } from 'node:child_process';
import type { OpenPanelWindow, WindowEvent } from './panel.ts';
import {
  WindowKeeper,
  type WindowKeeperDeps,
  type WindowProcess,
  type WindowProcessEvents,
} from './window-keeper.ts';

export interface ChildWindowDeps extends Omit<WindowKeeperDeps, 'start'> {
  /** The script of the window process: `window-entry.ts`, or its bundle. */
  readonly entry: string;
  /** Node options; by default those of this process, so that a TypeScript loader is inherited. */
  readonly execArgv?: readonly string[];
  readonly display: string;
}

/**
 * The agent's windows in a process of their own: Xlib ends its process when the display goes, and drawing never
 * delays the session.
 */
export function createChildWindows(deps: ChildWindowDeps): OpenPanelWindow {
  const start = (events: WindowProcessEvents) => startChild(deps, events);
  return (listener) => new WindowKeeper({ ...deps, start }, listener);
}

function startChild(
  { entry, execArgv, display, log }: ChildWindowDeps,
  { onPressed, onGone }: WindowProcessEvents,
): WindowProcess {
  const child = fork(entry, [display], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-500);
  });
  // Our own process' words, over a private channel: no need to parse them.
  child.on('message', (event) => onPressed((event as WindowEvent).buttonId));
  child.on('error', (error) => onGone(said.trim() || error.message));
  child.on('exit', (code, signal) => onGone(said.trim() || (signal ?? `ended with code ${code}`)));
  log.info({ pid: child.pid }, 'the window process starts');
  return {
    tell: (command) => {
      // Between its death and its `exit` event the channel is closed already; `onGone` follows.
      if (child.connected) child.send(command, () => {});
    },
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
}

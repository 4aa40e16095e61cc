import { type ChildProcess, fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Log } from '../core/log.ts';
import type { DesktopCommand, DesktopEvent, OpenDesktopHelper } from './desktop-messages.ts';

export interface ChildHelperDeps {
  /** The script of the helper process: `helper-entry.ts`, or its bundle. */
  readonly entry: string;
  /** Node options; by default those of this process, so that a TypeScript loader is inherited. */
  readonly execArgv?: readonly string[];
  readonly log: Log;
}

/** After `close`, so long for the helper to let go of the display by itself. */
const KILL_AFTER_MS = 500;

/**
 * A helper in a process of its own. A crash in native code, or Xlib's exit when the display server goes, ends the
 * helper and not the session. When this process dies, the helper sees its channel close, releases keys and ends.
 */
export function createChildHelpers(deps: ChildHelperDeps): OpenDesktopHelper {
  return (listener) => {
    const child = fork(deps.entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      ...(deps.execArgv === undefined ? {} : { execArgv: [...deps.execArgv] }),
    });
    deps.log.info({ pid: child.pid }, 'the desktop helper starts');
    let over = false;
    const gone = (reason: string) => {
      if (over) return;
      over = true;
      listener.onGone(reason);
    };
    child.on('message', (event) => {
      // Our own helper's words, over a private channel: no need to parse them.
      if (!over) listener.onEvent(event as DesktopEvent);
    });
    child.on('error', (error) => gone(error.message));
    child.on('exit', (code, signal) => gone(signal ? `ended by ${signal}` : `ended with code ${code}`));
    logLines(child.stderr, deps.log);
    return {
      send: (command) => sendTo(child, command),
      close: () => {
        if (over) return;
        over = true;
        endChild(child);
      },
    };
  };
}

function sendTo(child: ChildProcess, command: DesktopCommand): void {
  // Between a helper's death and its `exit` event the channel is closed already; `onGone` follows.
  if (child.connected) child.send(command, () => {});
}

function endChild(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  timer.unref();
  child.once('exit', () => clearTimeout(timer));
}

function logLines(stream: Readable | null, log: Log): void {
  stream?.setEncoding('utf8').on('data', (text: string) => {
    log.warn({ text: text.trim().slice(0, 500) }, 'the desktop helper wrote to its error output');
  });
}

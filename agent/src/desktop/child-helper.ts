import type { Log } from '../core/log.ts';
import { SpareProgram } from '../core/spare-program.ts';
import type { DesktopCommand, DesktopEvent, OpenDesktopHelper } from './desktop-messages.ts';

export type HelperPrograms = SpareProgram<DesktopCommand, DesktopEvent>;

/** `entry`: the script of the helper process, `helper-entry.ts` or its bundle. `execArgv`: by default as ours. */
export function helperPrograms(options: { entry: string; execArgv?: readonly string[] }): HelperPrograms {
  return new SpareProgram({ ...options, errorOutput: 'told' });
}

/** After `close`, so long for the helper to let go of the display by itself. */
const KILL_AFTER_MS = 500;

/**
 * A helper in a process of its own. A crash in native code, or Xlib's exit when the display server goes, ends the
 * helper and not the session. When this process dies, the helper sees its channel close, releases keys and ends.
 */
export function createChildHelpers(deps: { programs: HelperPrograms; log: Log }): OpenDesktopHelper {
  const { programs, log } = deps;
  return (listener) => {
    const child = programs.take();
    log.info({ pid: child.pid }, 'the desktop helper starts');
    child.listen({
      onMessage: (event) => listener.onEvent(event),
      onGone: (reason) => listener.onGone(reason),
      onErrorOutput: (text) => log.warn({ text }, 'the desktop helper wrote to its error output'),
    });
    return {
      send: (command) => child.send(command),
      close: () => {
        child.listen(undefined);
        child.end(KILL_AFTER_MS);
      },
    };
  };
}

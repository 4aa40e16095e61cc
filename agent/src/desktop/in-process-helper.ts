import { DesktopCore, type DesktopCoreDeps } from './desktop-core.ts';
import type { OpenDesktopHelper } from './desktop-messages.ts';

/** A helper in this process: for tests, and where a second process is not wanted. */
export function createInProcessHelpers(deps: Omit<DesktopCoreDeps, 'emit'>): OpenDesktopHelper {
  return (listener) => {
    let closed = false;
    const core = new DesktopCore({
      ...deps,
      emit: (event) => {
        if (!closed) listener.onEvent(event);
      },
    });
    return {
      send: (command) => {
        if (!closed) core.handle(command);
      },
      close: () => {
        if (closed) return;
        closed = true;
        core.close();
      },
    };
  };
}

import type { OpenDesktopHelper } from './desktop-messages.ts';

/** Stands in where a computer has no desktop: whoever looks is told why, and nothing is started for it. */
export function createAbsentHelpers(reason: string): OpenDesktopHelper {
  return (listener) => {
    let isClosed = false;
    const tell = (event: Parameters<typeof listener.onEvent>[0]) =>
      setImmediate(() => {
        if (!isClosed) listener.onEvent(event);
      });
    return {
      send: (command) => {
        if (command.type === 'open') tell({ type: 'open-failed', reason });
        else if (command.type === 'stop') tell({ type: 'stopped' });
      },
      close: () => {
        isClosed = true;
      },
    };
  };
}

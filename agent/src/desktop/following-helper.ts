import type { FollowedDesktop } from '../logon/desktop-follower.ts';
import type { DesktopEvent, DesktopHelper, OpenDesktopHelper } from './desktop-messages.ts';

const MOVES = 'The desktop of this computer changes.';

/**
 * Helpers for the desktop that is on the screen, whichever that is: when somebody logs on or off, another one takes its
 * place. Where there is none, whoever looks is told why, and nothing is started for it.
 */
export function createFollowingHelpers(desktop: FollowedDesktop, open: OpenDesktopHelper): OpenDesktopHelper {
  return (listener) => {
    let inner: DesktopHelper | undefined;
    let isClosed = false;
    // Never before `send` returns: who asks may not be ready for the answer.
    const tell = (event: DesktopEvent) =>
      setImmediate(() => {
        if (!isClosed) listener.onEvent(event);
      });
    const letGo = () => {
      inner?.close();
      inner = undefined;
    };
    const unfollow = desktop.onMoved(() => {
      if (!inner) return;
      letGo();
      // Its owner opens it again, and finds the other one.
      tell({ type: 'open-failed', reason: MOVES });
    });
    const openNow = () => {
      const { current } = desktop;
      if (current.kind === 'none') {
        tell({ type: 'open-failed', reason: current.reason });
        return;
      }
      inner ??= open(listener);
      inner.send({ type: 'open', display: current.display });
    };
    return {
      send: (command) => {
        if (command.type === 'open') openNow();
        else if (inner) inner.send(command);
        else if (command.type === 'stop') tell({ type: 'stopped' });
      },
      close: () => {
        isClosed = true;
        unfollow();
        letGo();
      },
    };
  };
}

import type { FollowedDesktop } from '../logon/desktop-follower.ts';
import type { OpenPanelWindow, Panel, PanelWindow } from './panel.ts';

/** The agent's windows on the desktop that is on the screen, whichever that is. Without a desktop there are none. */
export function createFollowingWindows(
  desktop: FollowedDesktop,
  open: (display: string) => OpenPanelWindow,
): OpenPanelWindow {
  return (listener) => {
    let shown: Panel | undefined;
    let inner: PanelWindow | undefined;
    const openNow = () => {
      inner?.close();
      const { current } = desktop;
      inner = current.kind === 'x11' ? open(current.display)(listener) : undefined;
      if (shown) inner?.show(shown);
    };
    const unfollow = desktop.onMoved(openNow);
    openNow();
    return {
      show: (panel) => {
        shown = panel;
        inner?.show(panel);
      },
      close: () => {
        unfollow();
        inner?.close();
      },
    };
  };
}

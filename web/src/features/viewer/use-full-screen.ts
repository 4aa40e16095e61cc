import { useEffect, useSyncExternalStore } from 'react';

/** Chromium's Keyboard Lock: lets a full-screen page have Escape, Alt+Tab and the like. */
interface KeyboardLock {
  lock?(): Promise<void>;
  unlock?(): void;
}

export interface FullScreen {
  readonly isSupported: boolean;
  readonly isOn: boolean;
  toggle(): void;
}

/** The whole page in full screen, so that menus and dialogs stay inside it. */
export function useFullScreen(): FullScreen {
  const isOn = useSyncExternalStore(subscribe, () => document.fullscreenElement !== null);
  useEffect(() => {
    const keyboard = (navigator as Navigator & { keyboard?: KeyboardLock }).keyboard;
    if (!isOn) return undefined;
    // Refused outside of secure pages: full screen then works without those keys.
    keyboard?.lock?.().catch(() => undefined);
    return () => keyboard?.unlock?.();
  }, [isOn]);
  return {
    isSupported: document.fullscreenEnabled === true,
    isOn,
    toggle: () => {
      const change = isOn ? document.exitFullscreen() : document.documentElement.requestFullscreen();
      // The browser may refuse (a user gesture is missing): the button then simply has no effect.
      change.catch(() => undefined);
    },
  };
}

function subscribe(listener: () => void): () => void {
  document.addEventListener('fullscreenchange', listener);
  return () => document.removeEventListener('fullscreenchange', listener);
}

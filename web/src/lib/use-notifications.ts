import { useCallback } from 'react';
import { useMe } from './me-context.ts';
import { playChime } from './play-chime.ts';

export interface Notice {
  readonly title: string;
  readonly body?: string;
  /** A newer notice with the same tag replaces the older one. */
  readonly tag: string;
  readonly onClick?: () => void;
}

/** Tells of something while the person may look elsewhere: as they chose in their preferences (D2). */
export function useNotifications(): (notice: Notice) => void {
  const { notifications } = useMe().preferences;
  const { browser, sound } = notifications;
  return useCallback(
    (notice: Notice) => {
      if (sound) playChime();
      if (browser) showNotification(notice);
    },
    [browser, sound],
  );
}

function showNotification({ title, body, tag, onClick }: Notice): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  try {
    const shown = new Notification(title, { ...(body ? { body } : {}), tag });
    shown.onclick = () => {
      window.focus();
      shown.close();
      onClick?.();
    };
  } catch {
    // Android's Chromium lets only service workers show any; the page itself says the same.
  }
}

import { DEFAULT_PREFERENCES, type Preferences } from '@guruconnect/shared';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

interface Appearance extends Preferences {
  choose(choice: Partial<Preferences>): void;
}

/**
 * What the person chose, kept in this browser too: `theme.js` reads it before the first paint.
 * The server's copy wins when it arrives.
 */
export const useAppearance = create<Appearance>()(
  persist((set) => ({ ...DEFAULT_PREFERENCES, choose: (choice) => set(choice) }), {
    name: 'guruconnect.appearance',
    partialize: ({ choose: _, ...preferences }) => preferences,
  }),
);

/** Lets `theme.js` follow every choice; returns an unsubscribe function. */
export function followTheme(): () => void {
  return useAppearance.subscribe(() => window.dispatchEvent(new Event('guruconnect:theme')));
}

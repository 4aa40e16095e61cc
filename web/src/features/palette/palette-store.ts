import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** Something that was chosen lately; kept with the name it had, and the name is only shown, never trusted. */
export type Recent =
  | { readonly kind: 'machine'; readonly id: string; readonly label: string }
  | { readonly kind: 'command'; readonly id: string; readonly label: string };

interface PaletteMemory {
  recent: Recent[];
  remember(item: Recent): void;
  forget(): void;
}

const MAX_RECENT = 6;

/** What the person chose in the palette, the newest first, in this browser. */
export const usePaletteMemory = create<PaletteMemory>()(
  persist(
    (set) => ({
      recent: [],
      remember: (item) =>
        set(({ recent }) => ({
          recent: [item, ...recent.filter((one) => one.kind !== item.kind || one.id !== item.id)].slice(
            0,
            MAX_RECENT,
          ),
        })),
      forget: () => set({ recent: [] }),
    }),
    { name: 'guruconnect.palette' },
  ),
);

import { lazy, Suspense, useEffect } from 'react';

const load = () => import('./palette.tsx');
const Palette = lazy(async () => ({ default: (await load()).Palette }));

const PRELOAD_AFTER_MS = 1_500;

/**
 * Opens the palette with Ctrl-K (or the Mac's Command-K) wherever the focus is. Its code is loaded once the page rests:
 * people type on at once, and no letter may be lost.
 */
export function PaletteHost(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { open, onOpenChange } = props;
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), PRELOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isChord = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!isChord || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      onOpenChange(!open);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open, onOpenChange]);
  if (!open) return null;
  return (
    <Suspense>
      <Palette onClose={() => onOpenChange(false)} />
    </Suspense>
  );
}

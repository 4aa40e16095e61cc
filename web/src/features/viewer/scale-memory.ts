import * as z from 'zod/mini';
import type { ScaleMode } from '../../lib/input/picture-layout.ts';

const KEY = 'guruconnect.viewer.scales';
const KEPT = 60;
const Scales = z.array(z.tuple([z.string(), z.enum(['fit', 'actual', 'double'])]));

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** How large a machine's display (or all of them) was shown the last time in this browser. */
export function rememberedScale(storage: Store, display: string): ScaleMode {
  return read(storage).find(([name]) => name === display)?.[1] ?? 'fit';
}

export function rememberScale(storage: Store, display: string, mode: ScaleMode): void {
  const others = read(storage).filter(([name]) => name !== display);
  // `fit` is what a display begins with.
  const kept = mode === 'fit' ? others : [[display, mode], ...others].slice(0, KEPT);
  try {
    storage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A full or forbidden storage: the choice holds for this page.
  }
}

function read(storage: Store): z.infer<typeof Scales> {
  try {
    const kept = z.safeParse(Scales, JSON.parse(storage.getItem(KEY) ?? '[]'));
    return kept.success ? kept.data : [];
  } catch {
    return [];
  }
}

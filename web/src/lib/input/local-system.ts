import type { LocalSystem } from './key-tracker.ts';

/** Which system the technician's browser runs on, as far as its keyboard quirks go. */
export function localSystemOf(navigator: { platform: string; userAgent: string }): LocalSystem {
  if (/^win/i.test(navigator.platform)) return 'windows';
  if (/^(mac|iphone|ipad|ipod)/i.test(navigator.platform)) return 'mac';
  return 'other';
}

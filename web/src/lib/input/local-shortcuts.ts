/** What the technician asks of the viewer itself by keys. */
export type LocalShortcut =
  | { readonly kind: 'toolbar' }
  | { readonly kind: 'statistics' }
  /** The n-th display, from 0. */
  | { readonly kind: 'display'; readonly position: number }
  | { readonly kind: 'all-displays' };

/**
 * Ctrl + Alt + Shift with T (toolbar), H (statistics), 1 to 9 (that display) or 0 (all of them). Shift is part of
 * it because Ctrl + Alt alone is AltGr on many layouts, where the digits type characters.
 */
export function localShortcutOf(event: {
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  code: string;
}): LocalShortcut | undefined {
  if (!event.ctrlKey || !event.altKey || !event.shiftKey) return undefined;
  if (event.code === 'KeyT') return { kind: 'toolbar' };
  if (event.code === 'KeyH') return { kind: 'statistics' };
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
  if (digit === undefined) return undefined;
  return digit === '0' ? { kind: 'all-displays' } : { kind: 'display', position: Number(digit) - 1 };
}

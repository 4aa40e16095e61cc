/** What somebody wants of the list, by key or by pointer. */
export type GridIntent =
  | { readonly kind: 'move'; readonly index: number; readonly extend: boolean }
  | { readonly kind: 'toggle'; readonly index: number }
  | { readonly kind: 'select-range'; readonly index: number }
  | { readonly kind: 'select-all' }
  | { readonly kind: 'open'; readonly index: number }
  | { readonly kind: 'connect'; readonly index: number }
  | { readonly kind: 'escape' };

interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What a key means in the list; undefined for keys that are none of its business. */
export function intentOf(
  event: Key,
  list: { active: number | null; total: number; pageRows: number },
): GridIntent | undefined {
  const { key } = event;
  const isChord = event.ctrlKey || event.metaKey;
  if (event.altKey) return undefined;
  if (isChord) return key.toLowerCase() === 'a' && !event.shiftKey ? { kind: 'select-all' } : undefined;
  if (key === 'Escape') return { kind: 'escape' };
  if (list.total === 0) return undefined;
  const target = targetOf(key, list);
  if (target !== undefined) return { kind: 'move', index: target, extend: event.shiftKey };
  const { active } = list;
  if (active === null) return undefined;
  if (key === 'Enter') return { kind: 'connect', index: active };
  if (key === ' ')
    return event.shiftKey ? { kind: 'select-range', index: active } : { kind: 'toggle', index: active };
  if (key === 'o' || key === 'O') return { kind: 'open', index: active };
  return undefined;
}

function targetOf(
  key: string,
  { active, total, pageRows }: { active: number | null; total: number; pageRows: number },
): number | undefined {
  const clamp = (index: number) => Math.min(total - 1, Math.max(0, index));
  switch (key) {
    case 'ArrowDown':
      return active === null ? 0 : clamp(active + 1);
    case 'ArrowUp':
      return active === null ? 0 : clamp(active - 1);
    case 'PageDown':
      return clamp((active ?? 0) + pageRows);
    case 'PageUp':
      return clamp((active ?? 0) - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return undefined;
  }
}

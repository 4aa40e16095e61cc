import type { UpdateRing } from '@guruconnect/shared';

export const MAX_RINGS = 10;

/** What is wrong with a list of rings that the server would take, but nobody can mean. */
export function ringsProblem(rings: readonly UpdateRing[]): string | undefined {
  const names = new Set<string>();
  let before = 0;
  for (const { name, percent } of rings) {
    const key = name.trim().toLowerCase();
    if (names.has(key)) return `Two rings are called ${name.trim()}.`;
    names.add(key);
    if (percent < before) return `${name.trim()} has a smaller share than the ring before it.`;
    before = percent;
  }
  if ((rings.at(-1)?.percent ?? 0) < 100) {
    return 'The last ring must have 100 %, or some machines would never be updated.';
  }
  return undefined;
}

/** A further ring goes before the last one, which is everybody. */
export function withFurtherRing(rings: readonly UpdateRing[]): UpdateRing[] {
  const last = rings.at(-1);
  const before = rings.at(-2)?.percent ?? 0;
  const percent = before === 0 ? 10 : Math.min(100, Math.round((before + 100) / 2));
  const further = { name: `Ring ${rings.length}`, percent, tags: [] };
  return last ? [...rings.slice(0, -1), further, last] : [{ ...further, percent: 100 }];
}

/**
 * One text for one value, whatever order its keys have: keys sorted, undefined left out, no blanks. Characters that
 * PostgreSQL's jsonb refuses (NUL, lone surrogates) become U+FFFD, so that what is hashed is what is stored.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(toStorable(value));
}

/** The value as jsonb gives it back: plain JSON with sorted keys and no character that jsonb refuses. */
export function toStorable(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\0|\p{Surrogate}/gu, '\ufffd');
  if (Array.isArray(value)) return value.map((item) => toStorable(item ?? null));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [String(toStorable(key)), toStorable(item)] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1));
    return Object.fromEntries(entries);
  }
  return value;
}

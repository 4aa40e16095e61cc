const STEPS = [
  { unit: 'year', ms: 365 * 86_400_000 },
  { unit: 'month', ms: 30 * 86_400_000 },
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const;

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** "3 days ago", "just now"; what lies in the future by a clock that differs counts as now. */
export function formatAgo(timestamp: number, now: number = Date.now()): string {
  const age = now - timestamp;
  const step = STEPS.find(({ ms }) => age >= ms);
  return step ? RELATIVE.format(-Math.floor(age / step.ms), step.unit) : 'just now';
}

/** "2 days 3 hours", "5 minutes": how long something has lasted, in its two largest units. */
export function formatSpan(milliseconds: number): string {
  const first = STEPS.findIndex(({ ms }) => milliseconds >= ms);
  if (first < 0) return 'under a minute';
  let rest = milliseconds;
  const parts: string[] = [];
  for (const { unit, ms } of STEPS.slice(first, first + 2)) {
    const amount = Math.floor(rest / ms);
    rest -= amount * ms;
    if (amount > 0) parts.push(`${amount} ${unit}${amount === 1 ? '' : 's'}`);
  }
  return parts.join(' ');
}

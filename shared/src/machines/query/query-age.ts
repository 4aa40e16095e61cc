const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Units of ages, the largest first; a year has 365 days. */
export const AGE_UNITS = [
  { unit: 'y', title: 'years', ms: 365 * DAY },
  { unit: 'w', title: 'weeks', ms: 7 * DAY },
  { unit: 'd', title: 'days', ms: DAY },
  { unit: 'h', title: 'hours', ms: HOUR },
  { unit: 'm', title: 'minutes', ms: MINUTE },
] as const;

const MAX_AGE_MS = 100 * 365 * DAY;

/** `24h` in milliseconds; undefined when it is no age of a minute to a hundred years. */
export function parseAge(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,9})([a-z])$/i.exec(text) ?? [];
  const found = AGE_UNITS.find((one) => one.unit === unit.toLowerCase());
  const ms = found ? Number(digits) * found.ms : 0;
  return ms > 0 && ms <= MAX_AGE_MS ? ms : undefined;
}

/** Milliseconds as `parseAge` reads them, in the largest unit that fits; `ms` is made of whole minutes. */
export function printAge(ms: number): string {
  const unit = AGE_UNITS.find((one) => ms % one.ms === 0) ?? AGE_UNITS[AGE_UNITS.length - 1];
  return unit ? `${Math.max(1, Math.round(ms / unit.ms))}${unit.unit}` : '';
}

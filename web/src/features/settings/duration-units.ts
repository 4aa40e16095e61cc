export const UNIT_MINUTES = { minutes: 1, hours: 60, days: 24 * 60 } as const;
export type Unit = keyof typeof UNIT_MINUTES;

/** The largest unit in which the time is a whole number. */
export function splitMinutes(minutes: number): { amount: number; unit: Unit } {
  const unit: Unit =
    minutes % UNIT_MINUTES.days === 0 ? 'days' : minutes % UNIT_MINUTES.hours === 0 ? 'hours' : 'minutes';
  return { amount: minutes / UNIT_MINUTES[unit], unit };
}

const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const DATE_AND_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The time for today, date and time for every other day, in the person's own locale. */
export function formatTime(timestamp: number, now: number = Date.now()): string {
  const isToday = new Date(timestamp).toDateString() === new Date(now).toDateString();
  return (isToday ? TIME : DATE_AND_TIME).format(timestamp);
}

export function formatDateTime(timestamp: number): string {
  return DATE_AND_TIME.format(timestamp);
}

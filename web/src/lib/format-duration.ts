/** "0:07", "12:05", "1:02:09"; a clock that is behind counts as zero. */
export function formatDuration(milliseconds: number): string {
  const { hours, minutes, seconds } = split(milliseconds);
  const tail = `${String(seconds).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** The same for screen readers: "1 hour 2 minutes"; seconds only within the first minute. */
export function spokenDuration(milliseconds: number): string {
  const { hours, minutes, seconds } = split(milliseconds);
  if (hours === 0 && minutes === 0) return count(seconds, 'second');
  return [hours > 0 && count(hours, 'hour'), minutes > 0 && count(minutes, 'minute')]
    .filter(Boolean)
    .join(' ');
}

/** "90 seconds", "2 minutes": for a wait that counts down. */
export function formatWait(seconds: number): string {
  return seconds > 120
    ? count(Math.ceil(seconds / 60), 'minute')
    : count(Math.max(1, Math.ceil(seconds)), 'second');
}

function split(milliseconds: number) {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  return { hours: Math.floor(total / 3600), minutes: Math.floor(total / 60) % 60, seconds: total % 60 };
}

function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

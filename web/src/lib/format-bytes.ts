const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** "7.8 GB": in steps of 1024, as makers of memory and the systems' own tools count. */
export function formatBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const digits = amount >= 100 || unit === 0 || Number.isInteger(amount) ? 0 : 1;
  return `${amount.toFixed(digits)} ${UNITS[unit]}`;
}

const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/**
 * How long to wait before the next try after `failures` failed ones: none before the first, then doubling,
 * spread by half so that many viewers of one server do not come back at the same moment.
 */
export function reconnectDelayMs(failures: number, random: number): number {
  if (failures <= 0) return 0;
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return full * (0.5 + random / 2);
}

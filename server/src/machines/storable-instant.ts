/** The last day that both JavaScript and PostgreSQL write with a year of four digits. */
const LATEST_MS = Date.UTC(9999, 0);

/** A time as a database column takes it; null for none, and for one that no calendar here reaches. */
export function storableInstant(ms: number | null): number | null {
  return ms !== null && ms >= 0 && ms < LATEST_MS ? Math.round(ms) : null;
}

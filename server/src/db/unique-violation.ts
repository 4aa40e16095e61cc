/** PostgreSQL's error code for a value that a unique index has already. */
const UNIQUE_VIOLATION = '23505';

/** Whether a query failed because a unique index has the value already; drizzle wraps the driver's error. */
export function isUniqueViolation(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && cause.code === UNIQUE_VIOLATION) return true;
  }
  return false;
}

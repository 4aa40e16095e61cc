import { GuruError } from '@guruconnect/shared';

/** A sentence for the person, whatever was thrown. */
export function describeError(error: unknown): string {
  return error instanceof GuruError ? error.message : 'Something went wrong on this page. Load it again.';
}

/** Seconds to wait that came with a `too-many-requests`. */
export function retryAfterSeconds(error: GuruError): number {
  const seconds = error.details?.retryAfterSeconds;
  return typeof seconds === 'number' && seconds > 0 ? seconds : 30;
}

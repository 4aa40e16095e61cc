import { GuruError } from '@guruconnect/shared';

/** What to tell a person: the server's own words, or ours when it was no refusal. */
export function sentence(error: unknown, otherwise: string): string {
  return error instanceof GuruError ? error.message : otherwise;
}

import { GuruError } from '@guruconnect/shared';
import { isUniqueViolation } from '../db/unique-violation.ts';

/** The answer for companies that are not there and for those that are hidden from whoever asks. */
export function noSuchCompany(): GuruError {
  return GuruError.notFound('This company');
}

export function noSuchSite(): GuruError {
  return GuruError.notFound('This site');
}

/** Runs a query; a name that somebody else has becomes `name-taken` with this sentence. */
export async function refuseTakenName<T>(query: PromiseLike<T>, sentence: string): Promise<T> {
  try {
    return await query;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new GuruError('name-taken', sentence, { cause: error });
  }
}

import {
  type ApiReply,
  GuruError,
  type PowChallenge,
  PowChallenge as PowChallengeSchema,
  type PowSolution,
  solveProofOfWork,
} from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { ApiClient } from '../../support/api-client.ts';

/** A gate that never closes, for tests that are about something else. */
export const WIDE_OPEN = {
  proofFrom: Number.POSITIVE_INFINITY,
  knockFrom: Number.POSITIVE_INFINITY,
  missesPerSource: 1_000_000,
};

/** A gate that is in knock mode from the start. */
export const KNOCKING = { proofFrom: Number.POSITIVE_INFINITY, knockFrom: 0, missesPerSource: 1_000_000 };

/** Calls a route as a browser does: solves the puzzle when there is one, and tries again. */
export async function withProof<R>(call: (proof: PowSolution | undefined) => Promise<R>): Promise<R> {
  try {
    return await call(undefined);
  } catch (error) {
    return call(solveProofOfWork(puzzleOf(error)));
  }
}

/** The puzzle that a refusal carries; throws any other refusal. */
export function puzzleOf(error: unknown): PowChallenge {
  if (!(error instanceof GuruError) || error.code !== 'proof-of-work-required') throw error;
  return z.parse(PowChallengeSchema, error.details);
}

export function redeem(client: ApiClient, code: string): Promise<ApiReply<'redeemCode'>> {
  return withProof((proof) => client.call('redeemCode', { body: { code, proof } }));
}

/** A code that none of the given is. */
export function otherCode(...codes: (string | null)[]): string {
  for (let n = 0; ; n += 1) {
    const code = String(123_456 + n);
    if (!codes.includes(code)) return code;
  }
}

export async function codeOf(
  session: Promise<{ code: string | null; id: string }>,
): Promise<{ id: string; code: string }> {
  const { id, code } = await session;
  if (code === null) throw new Error('The owner sees no code.');
  return { id, code };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

import * as z from 'zod/mini';
import { sha256 } from './sha256.ts';

/**
 * A hashcash-like puzzle that makes guessing codes cost time once misses rise. The client finds `solution`
 * such that SHA-256(`challenge.solution`) starts with `bits` zero bits. The server signs its challenges, so it
 * keeps nothing until one is solved.
 */
export const PowChallenge = z.object({
  challenge: z.string().check(z.minLength(16), z.maxLength(200)),
  bits: z.int().check(z.gte(1), z.lte(30)),
});
export type PowChallenge = z.infer<typeof PowChallenge>;

export const PowSolution = z.object({
  challenge: z.string().check(z.minLength(16), z.maxLength(200)),
  solution: z.string().check(z.regex(/^[0-9a-z]{1,16}$/)),
});
export type PowSolution = z.infer<typeof PowSolution>;

/** Tries numbers from 0 until one solves the puzzle: about 2^bits hashes; run it off the main thread. */
export function solveProofOfWork({ challenge, bits }: PowChallenge): PowSolution {
  for (let n = 0; ; n += 1) {
    const solution = n.toString(36);
    if (isSolved(challenge, solution, bits)) return { challenge, solution };
  }
}

/** Whether the solution has the wanted number of leading zero bits. */
export function isSolved(challenge: string, solution: string, bits: number): boolean {
  const words = sha256(new TextEncoder().encode(`${challenge}.${solution}`));
  return leadingZeroBits(words) >= bits;
}

function leadingZeroBits(words: Uint32Array): number {
  let zeros = 0;
  for (const word of words) {
    zeros += Math.clz32(word);
    if (word !== 0) break;
  }
  return zeros;
}

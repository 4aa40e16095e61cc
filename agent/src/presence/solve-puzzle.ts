import { isSolved, type PowChallenge, type PowSolution } from '@guruconnect/shared';

const HASHES_A_SLICE = 4096;

/** Like `solveProofOfWork`, but Ctrl-C works meanwhile. Rejects with the signal's reason. */
export async function solvePuzzle(
  { challenge, bits }: PowChallenge,
  signal: AbortSignal,
): Promise<PowSolution> {
  for (let n = 0; ; n += 1) {
    const solution = n.toString(36);
    if (isSolved(challenge, solution, bits)) return { challenge, solution };
    if (n % HASHES_A_SLICE === HASHES_A_SLICE - 1) {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
  }
}

import { GuruError, type PowChallenge, PowSolution } from '@guruconnect/shared';
import { safeParse } from 'zod/mini';

/** Solves the server's puzzle in a worker, so that the page stays alive. Takes some seconds. */
export function solveOffThread(challenge: PowChallenge): Promise<PowSolution> {
  const worker = new Worker(new URL('./proof-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<PowSolution>((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => {
      const solution = safeParse(PowSolution, data);
      if (solution.success) resolve(solution.data);
      else reject(GuruError.invalid('The security check failed.', solution.error));
    });
    worker.addEventListener('error', (cause) => {
      reject(new GuruError('unavailable', 'The security check could not run in this browser.', { cause }));
    });
    worker.postMessage(challenge);
  }).finally(() => worker.terminate());
}

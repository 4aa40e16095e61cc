import { PowChallenge, solveProofOfWork } from '@guruconnect/shared';
import { parse } from 'zod/mini';
import { configureZodWithoutEval } from '../../lib/zod-without-eval.ts';

configureZodWithoutEval();
self.addEventListener('message', (message: MessageEvent<unknown>) => {
  self.postMessage(solveProofOfWork(parse(PowChallenge, message.data)));
});

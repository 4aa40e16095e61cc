import * as z from 'zod/mini';
import { addResources } from './add-resources.ts';
import { ProgramJob, type ProgramJobAnswer } from './worker-messages.ts';

/** The process that puts resources into programs, one job after the other; it ends with the server's end of the line. */
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

let last: Promise<unknown> = Promise.resolve();
process.on('message', (raw) => {
  const { id, ...job } = z.parse(ProgramJob, raw);
  last = last
    .then(() => addResources(job))
    .then(
      () => tell({ id, problem: null }),
      (error: unknown) => tell({ id, problem: error instanceof Error ? error.message : String(error) }),
    );
});

function tell(answer: ProgramJobAnswer): void {
  if (process.connected) process.send?.(answer);
}

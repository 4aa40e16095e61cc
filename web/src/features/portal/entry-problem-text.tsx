import { CircleAlert } from 'lucide-react';
import { formatWait } from '../../lib/format-duration.ts';
import { useNow } from '../../lib/use-now.ts';
import type { EntryProblem } from './portal-flow.ts';

/** What went wrong, said aloud once; a wait counts down beside it in silence. */
export function EntryProblemText({ problem }: { problem: EntryProblem | undefined }) {
  return (
    <div id="code-problem" role="alert" className={problem ? 'flex justify-center' : 'hidden'}>
      {problem && (
        <p className="flex items-start gap-2 rounded-lg bg-danger-soft px-4 py-2.5 text-danger-text text-sm">
          <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          <span>
            {problem.text}
            {problem.retryAt !== undefined && <Countdown until={problem.retryAt} />}
          </span>
        </p>
      )}
    </div>
  );
}

function Countdown({ until }: { until: number }) {
  const seconds = (until - useNow()) / 1000;
  return (
    <span aria-hidden="true" className="tabular-nums">
      {seconds > 0 ? ` Next try in ${formatWait(seconds)}.` : ' You can try again now.'}
    </span>
  );
}

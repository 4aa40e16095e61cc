import { Notice } from '../../components/notice.tsx';
import type { GuestState } from './guest-session.ts';

const STOP_LOCALLY =
  'To stop at once without the server, close the GuruConnect app on this computer (Ctrl-C in its terminal).';

/** Says that the line is down and how to stop all the same; or what else went wrong. */
export function LinkNotice({ link, stopping, problem }: Pick<GuestState, 'link' | 'stopping' | 'problem'>) {
  if (link === 'offline' || (stopping && problem)) {
    return (
      <Notice tone="warning" announce>
        <p className="font-medium">
          {stopping
            ? 'The server cannot be reached, so Stop is still on its way.'
            : 'The connection to the server is interrupted. Reconnecting…'}
        </p>
        <p className="mt-1">{STOP_LOCALLY}</p>
      </Notice>
    );
  }
  if (!problem) return null;
  return (
    <Notice tone="danger" announce>
      {problem}
    </Notice>
  );
}

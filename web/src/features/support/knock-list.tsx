import type { Knock, SessionView } from '@guruconnect/shared';
import { DoorOpen } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { formatTime } from '../../lib/format-time.ts';
import { useSessionFeed } from '../../lib/session-feed-context.ts';
import { useApiMutation } from '../../lib/use-api.ts';

/** Who stands at the door of a session: a second computer, or a guest while codes are under attack. */
export function KnockList({ session }: { session: SessionView }) {
  if (session.knocks.length === 0) return null;
  return (
    <ul aria-label="Waiting to be let in" aria-live="polite" className="divide-y border-t bg-warning-soft">
      {session.knocks.map((knock) => (
        <KnockRow key={knock.id} session={session} knock={knock} />
      ))}
    </ul>
  );
}

function KnockRow({ session, knock }: { session: SessionView; knock: Knock }) {
  const feed = useSessionFeed();
  const answer = useApiMutation('answerKnock', { onDone: feed.put });
  const input = { sessionId: session.id, knockId: knock.id };
  const admits = answer.variables?.body.admit;
  return (
    <li className="flex flex-wrap items-center gap-3 px-4 py-3 text-sm text-warning-text">
      <DoorOpen aria-hidden="true" className="size-5 shrink-0" />
      <p className="min-w-0 flex-1 basis-60 break-words">
        <span className="font-medium">{subjectOf(knock)}</span> wants to join from {knock.address} (
        {formatTime(knock.at)}). Ask the end user before you let anyone in.
      </p>
      {session.rights.admit && (
        <div className="flex gap-2">
          <Button
            size="small"
            tone="primary"
            busy={answer.isPending && admits === true}
            onClick={() => answer.mutate({ params: input, body: { admit: true } })}
          >
            Admit
          </Button>
          <Button
            size="small"
            busy={answer.isPending && admits === false}
            onClick={() => answer.mutate({ params: input, body: { admit: false } })}
          >
            Refuse
          </Button>
        </div>
      )}
    </li>
  );
}

function subjectOf(knock: Knock): string {
  if (!knock.machine) return 'A guest';
  return `${knock.machine.user}@${knock.machine.hostname}`;
}

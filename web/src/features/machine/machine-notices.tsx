import type { MachineDetails } from '@guruconnect/shared';
import { Copy, Flag } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatTime } from '../../lib/format-time.ts';
import { CommandNotice } from './command-notice.tsx';
import { pendingText } from './machine-facts.ts';
import { RequestsNotice } from './requests-notice.tsx';
import { useMoveMachine } from './use-change-machines.ts';
import { useFlagMachine } from './use-flag-machine.ts';

/** What somebody should know before anything else: removed, flagged, copied, something on its way. */
export function MachineNotices({ details, now }: { details: MachineDetails; now: number }) {
  const { row, pending } = details;
  return (
    <div className="grid gap-2 px-4 pb-4 empty:hidden sm:px-5">
      {row.removedAt !== null && <RemovedNotice details={details} removedAt={row.removedAt} />}
      <CommandNotice details={details} now={now} />
      <RequestsNotice details={details} now={now} />
      {row.attention && <FlagNotice details={details} flag={row.attention} />}
      {row.cloned && (
        <Notice tone="danger">
          <p className="flex items-center gap-2 font-medium">
            <Copy aria-hidden="true" className="size-4 shrink-0" /> Two computers use this identity
          </p>
          <p className="mt-1">
            One of them was copied from the other with its agent. Enrol the copy anew: its own key makes it a
            machine of its own.
          </p>
        </Notice>
      )}
      {pending.length > 0 && (
        <ul aria-label="Pending activity" className="grid gap-1 text-sm">
          {pending.map((one) => (
            <li key={`${one.what}:${one.since}`} className="flex items-center gap-2 text-muted-foreground">
              <span aria-hidden="true" className="size-1.5 animate-pulse rounded-full bg-primary" />
              {pendingText(one, now)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function RemovedNotice({ details, removedAt }: { details: MachineDetails; removedAt: number }) {
  const { isPending, move } = useMoveMachine(details.row.machineId);
  return (
    <Notice
      tone="warning"
      action={
        details.rights.remove && (
          <Button
            size="small"
            busy={isPending}
            onClick={() => move({ kind: 'restore' }, undefined, `${details.row.name} is back.`)}
          >
            Bring back
          </Button>
        )
      }
    >
      Removed {formatTime(removedAt)}. Its agent is turned away until it is brought back.
    </Notice>
  );
}

function FlagNotice(props: {
  details: MachineDetails;
  flag: NonNullable<MachineDetails['row']['attention']>;
}) {
  const { details, flag } = props;
  const { isPending, setFlag } = useFlagMachine(details.row.machineId);
  return (
    <Notice
      tone="warning"
      action={
        details.rights.edit && (
          <Button size="small" busy={isPending} onClick={() => setFlag(null, flag.note)}>
            Take the flag off
          </Button>
        )
      }
    >
      <p className="flex items-center gap-2 font-medium">
        <Flag aria-hidden="true" className="size-4 shrink-0" /> Needs attention
      </p>
      {flag.note && (
        <p dir="auto" className="mt-1 whitespace-pre-wrap [overflow-wrap:anywhere]">
          {flag.note}
        </p>
      )}
      <p className="mt-1 text-xs">
        {flag.by ? `${flag.by.name}, ` : ''}
        {formatTime(flag.at)}
      </p>
    </Notice>
  );
}

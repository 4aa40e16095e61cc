import type { MachineCommandView, MachineDetails } from '@guruconnect/shared';
import { useEffect } from 'react';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { commandText, isOpen, shownCommand } from '../../lib/command-words.ts';
import { formatAgo } from '../../lib/format-ago.ts';
import { useApiMutation, useApiQuery } from '../../lib/use-api.ts';

const TONES = {
  waiting: 'info',
  sent: 'info',
  accepted: 'success',
  refused: 'danger',
  failed: 'danger',
  expired: 'warning',
  cancelled: 'info',
} as const;

/** How far the last restart has come, live; one that the machine has not got can be taken back. */
export function CommandNotice({ details, now }: { details: MachineDetails; now: number }) {
  const { machineId, version } = details.row;
  const { data, refetch } = useApiQuery('listCommands', { params: { machineId } });
  // The row gets a new version at every step of a command.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version may be another step
  useEffect(() => void refetch(), [version, details.command?.status, refetch]);
  const command = shownCommand(data?.commands ?? [], now);
  if (!command) return null;
  return (
    <Notice
      tone={TONES[command.status]}
      announce
      action={command.status === 'waiting' && details.rights.command && <TakeBack command={command} />}
    >
      <p className="flex items-start gap-2 [overflow-wrap:anywhere]">
        {isOpen(command) && (
          <span
            aria-hidden="true"
            className="mt-1.5 size-1.5 shrink-0 animate-pulse rounded-full bg-primary"
          />
        )}
        {commandText(command)}
      </p>
      <p className="mt-1 text-xs">
        {command.issuedBy ? `${command.issuedBy.name}, ` : ''}
        {formatAgo(command.issuedAt, now)}
      </p>
    </Notice>
  );
}

function TakeBack({ command }: { command: MachineCommandView }) {
  const { mutate, isPending } = useApiMutation('cancelCommand', {
    refreshes: ['listCommands', 'getMachine'],
  });
  return (
    <Button
      size="small"
      busy={isPending}
      onClick={() => mutate({ params: { commandId: command.commandId } })}
    >
      Take it back
    </Button>
  );
}

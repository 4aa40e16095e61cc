import { API_BASE, apiRoutes, type MachineDetails, type MachineThumbnail } from '@guruconnect/shared';
import { useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { formatAgo } from '../../lib/format-ago.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { keyOf } from './use-machine.ts';

/**
 * The small picture of the machine's screen, of the last session on it. Its place is the same before it is there, so
 * that nothing moves when it comes; nothing at all where the deployment keeps none.
 */
export function ScreenPicture({ details, now }: { details: MachineDetails; now: number }) {
  const { row, thumbnail, rights } = details;
  const [missing, setMissing] = useState<number>();
  if (thumbnail === undefined || row.removedAt !== null) return null;
  const shown = thumbnail?.takenAt === missing ? null : thumbnail;
  return (
    <figure className="mt-3 max-w-80">
      <div className="flex aspect-video items-center justify-center overflow-hidden rounded-lg border border-border bg-muted">
        {shown ? (
          <img
            key={shown.takenAt}
            src={addressOf(row.machineId, shown)}
            alt={`Screen of ${row.name}, ${formatAgo(shown.takenAt, now)}`}
            width={shown.width}
            height={shown.height}
            decoding="async"
            draggable={false}
            className="size-full object-contain"
            onError={() => setMissing(shown.takenAt)}
          />
        ) : (
          <p className="px-6 text-center text-muted-foreground text-sm">
            No picture yet. One is taken while somebody controls this machine.
          </p>
        )}
      </div>
      <figcaption className="mt-1 flex min-h-9 items-center justify-between gap-2 text-muted-foreground text-xs">
        <span className="min-w-0 [overflow-wrap:anywhere]">
          {shown && <Origin thumbnail={shown} now={now} />}
        </span>
        {shown && rights.edit && <EraseButton details={details} />}
      </figcaption>
    </figure>
  );
}

function Origin({ thumbnail, now }: { thumbnail: MachineThumbnail; now: number }) {
  const { takenAt, takenBy } = thumbnail;
  return (
    <>
      Taken {formatAgo(takenAt, now)}
      {takenBy && (
        <>
          {' '}
          by <bdi>{takenBy.name}</bdi>
        </>
      )}
    </>
  );
}

function EraseButton({ details }: { details: MachineDetails }) {
  const { machineId, name } = details.row;
  const [asks, setAsks] = useState(false);
  const queries = useQueryClient();
  const erase = useApiMutation('deleteThumbnail', {
    said: 'The picture was erased.',
    onDone: (changed) => {
      queries.setQueryData<MachineDetails>(keyOf(machineId), changed);
      setAsks(false);
    },
  });
  return (
    <>
      <Button
        tone="ghost"
        size="icon"
        className="size-8"
        aria-label="Erase the picture"
        onClick={() => setAsks(true)}
      >
        <Trash2 aria-hidden="true" />
      </Button>
      <ConfirmDialog
        open={asks}
        onOpenChange={setAsks}
        title={`Erase the picture of ${name}?`}
        confirmLabel="Erase it"
        busy={erase.isPending}
        onConfirm={() => erase.mutate({ params: { machineId } })}
      >
        It cannot be brought back. The next one is taken when somebody controls the machine again.
      </ConfirmDialog>
    </>
  );
}

/** With the time, so that a newer picture is another one. */
function addressOf(machineId: string, { takenAt }: MachineThumbnail): string {
  return `${API_BASE}${apiRoutes.getThumbnail.path.replace('{machineId}', machineId)}?taken=${takenAt}`;
}

import { type CompanyTarget, may } from '@guruconnect/shared';
import { Flag, FlagOff, FolderInput, RotateCcw, Tag, Tags, Trash2, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { useActor } from '../../lib/me-context.ts';
import { MAX_SELECTED } from './selection.ts';
import { type BulkChange, type BulkDialogKind, useBulkChange } from './use-bulk-change.ts';

const BulkDialog = lazy(async () => ({ default: (await import('./bulk-dialog.tsx')).BulkDialog }));

/** Rights differ by company; what somebody may do in none is not offered. The server decides for each. */
const WIDEST: CompanyTarget = { access: 'everyone', assignedUserIds: [], assignedTeamIds: [] };

/** What can be done with the chosen machines; at the bottom, where a thumb reaches it. */
export function BulkBar(props: {
  machineIds: readonly string[];
  total: number;
  /** Whether the list is of removed machines, which can be brought back. */
  areRemoved: boolean;
  onSelectAll: () => void;
  onClear: () => void;
  onChanged: (change: BulkChange) => void;
}) {
  const { machineIds, total } = props;
  const actor = useActor();
  const [dialog, setDialog] = useState<BulkDialogKind>();
  const { apply, isPending } = useBulkChange({ machineIds, onChanged: props.onChanged });
  const count = machineIds.length;
  const mayMove = may(actor, 'machine:move', WIDEST);
  const mayRemove = may(actor, 'machine:remove', WIDEST);
  return (
    <section
      aria-label="Chosen machines"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-t bg-accent px-3 py-2 text-accent-foreground text-sm"
    >
      <p role="status" className="font-medium tabular-nums">
        {count.toLocaleString('en')} chosen
      </p>
      {count < Math.min(total, MAX_SELECTED) && (
        <Button tone="ghost" size="small" onClick={props.onSelectAll}>
          {total <= MAX_SELECTED
            ? `Choose all ${total.toLocaleString('en')}`
            : `Choose the first ${MAX_SELECTED.toLocaleString('en')}`}
        </Button>
      )}
      {count === MAX_SELECTED && total > MAX_SELECTED && (
        <span>of {total.toLocaleString('en')}: the most at once</span>
      )}
      <Button
        tone="ghost"
        size="icon"
        aria-label="Choose none"
        className="ml-auto sm:order-last sm:ml-0"
        onClick={props.onClear}
      >
        <X aria-hidden="true" />
      </Button>
      <div className="flex w-full flex-wrap items-center gap-1 sm:ml-auto sm:w-auto">
        {props.areRemoved ? (
          mayRemove && (
            <Button size="small" busy={isPending} onClick={() => apply({ kind: 'restore' })}>
              <RotateCcw aria-hidden="true" /> Bring back
            </Button>
          )
        ) : (
          <>
            <Button tone="ghost" size="small" onClick={() => setDialog('add-tag')}>
              <Tag aria-hidden="true" /> Tag
            </Button>
            <Button tone="ghost" size="small" onClick={() => setDialog('remove-tag')}>
              <Tags aria-hidden="true" /> Untag
            </Button>
            {mayMove && (
              <Button tone="ghost" size="small" onClick={() => setDialog('move')}>
                <FolderInput aria-hidden="true" /> Move
              </Button>
            )}
            <Button tone="ghost" size="small" onClick={() => setDialog('flag')}>
              <Flag aria-hidden="true" /> Flag
            </Button>
            <Button tone="ghost" size="small" busy={isPending} onClick={() => apply({ kind: 'unflag' })}>
              <FlagOff aria-hidden="true" /> Unflag
            </Button>
            {mayRemove && (
              <Button tone="dangerGhost" size="small" onClick={() => setDialog('remove')}>
                <Trash2 aria-hidden="true" /> Remove
              </Button>
            )}
          </>
        )}
      </div>
      {dialog && (
        <Suspense>
          <BulkDialog
            kind={dialog}
            count={count}
            busy={isPending}
            onApply={(change) => apply(change, () => setDialog(undefined))}
            onClose={() => setDialog(undefined)}
          />
        </Suspense>
      )}
    </section>
  );
}

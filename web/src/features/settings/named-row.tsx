import { Pencil, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { cn } from '../../lib/class-names.ts';
import { RenameForm } from './rename-form.tsx';

/** What is being done to a row. */
export type RowMode = 'renaming' | 'deleting' | undefined;

/** Something with a name in a list, to be renamed in its place, and deleted after a question. */
export function NamedRow(props: {
  name: string;
  /** What belongs to it, such as `2 machines`. */
  note: string;
  /** What it is, for the question: `site`. */
  kind: string;
  /** What becomes of it, said under the question. */
  children: ReactNode;
  mode: RowMode;
  onMode: (mode: RowMode) => void;
  busy: boolean;
  onRename: (name: string) => void;
  onDelete: () => void;
  mayChange?: boolean;
  /** Why it cannot be deleted now. */
  keptBecause?: string | undefined;
  size?: 'small';
  className?: string;
}) {
  const { name, kind, mode, onMode, busy, mayChange = true, keptBecause } = props;
  return (
    <li className={cn('flex flex-wrap items-center gap-2 text-sm', props.className)}>
      {mode === 'renaming' ? (
        <RenameForm
          name={name}
          busy={busy}
          {...(props.size ? { size: props.size } : {})}
          onRename={props.onRename}
          onCancel={() => onMode(undefined)}
        />
      ) : (
        <>
          <bdi className="wrap-anywhere min-w-0 flex-1 font-medium">{name}</bdi>
          <span className="text-muted-foreground">{props.note}</span>
          {mayChange && (
            <>
              <Button
                tone="ghost"
                size="icon"
                aria-label={`Rename ${name}`}
                onClick={() => onMode('renaming')}
              >
                <Pencil aria-hidden="true" />
              </Button>
              <Button
                tone="dangerGhost"
                size="icon"
                aria-label={`Delete ${name}`}
                disabled={keptBecause !== undefined}
                title={keptBecause}
                onClick={() => onMode('deleting')}
              >
                <Trash2 aria-hidden="true" />
              </Button>
            </>
          )}
        </>
      )}
      <ConfirmDialog
        open={mode === 'deleting'}
        onOpenChange={(open) => onMode(open ? 'deleting' : undefined)}
        title={`Delete the ${kind} ${name}?`}
        confirmLabel={`Delete ${kind}`}
        busy={busy}
        onConfirm={props.onDelete}
      >
        {props.children}
      </ConfirmDialog>
    </li>
  );
}

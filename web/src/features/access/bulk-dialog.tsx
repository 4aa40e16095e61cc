import { Tag } from '@guruconnect/shared';
import { type FormEvent, useId, useState } from 'react';
import { safeParse } from 'zod/mini';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { FlagForm } from '../../components/flag-form.tsx';
import { Input } from '../../components/input.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { type Place, PlaceFields } from '../../components/place-fields.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { useApiQuery } from '../../lib/use-api.ts';
import type { BulkChange, BulkDialogKind } from './use-bulk-change.ts';

interface FormProps {
  readonly busy: boolean;
  readonly onApply: (change: BulkChange) => void;
}

/** Asks what a change of many machines needs to know. */
export function BulkDialog(props: FormProps & { kind: BulkDialogKind; count: number; onClose: () => void }) {
  const { kind, count, busy, onApply, onClose } = props;
  const machines = count === 1 ? '1 machine' : `${count.toLocaleString('en')} machines`;
  if (kind === 'remove')
    return (
      <ConfirmDialog
        open
        onOpenChange={onClose}
        title={`Remove ${machines}?`}
        confirmLabel="Remove"
        busy={busy}
        onConfirm={() => onApply({ kind: 'remove' })}
      >
        Their sessions end and they are no longer listed. They can be brought back: right afterwards, or later
        by searching for is:removed.
      </ConfirmDialog>
    );
  const titles = {
    'add-tag': `Tag ${machines}`,
    'remove-tag': `Take a tag off ${machines}`,
    move: `Move ${machines}`,
    flag: `Flag ${machines}`,
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={titles[kind]}
      {...(kind === 'move'
        ? { description: 'Another company may mean other technicians and another consent policy.' }
        : {})}
    >
      {kind === 'move' ? (
        <MoveForm busy={busy} onApply={onApply} />
      ) : kind === 'flag' ? (
        <FlagForm busy={busy} onFlag={(note) => onApply({ kind: 'flag', note })} />
      ) : (
        <TagForm kind={kind} busy={busy} onApply={onApply} />
      )}
    </Dialog>
  );
}

function TagForm({ kind, busy, onApply }: FormProps & { kind: 'add-tag' | 'remove-tag' }) {
  const [tag, setTag] = useState('');
  const [error, setError] = useState<string>();
  const listId = useId();
  const known = useApiQuery('suggestLabels', { query: { label: 'tag', prefix: tag.trim() } });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const parsed = safeParse(Tag, tag);
    if (parsed.success) onApply({ kind, tag: parsed.data });
    else setError(tag.trim() ? 'A tag is one line of at most 80 characters.' : 'Which tag?');
  }
  return (
    <form onSubmit={submit} noValidate>
      <Field label="Tag" error={error}>
        {(control) => (
          <Input
            {...control}
            autoFocus
            list={listId}
            autoComplete="off"
            maxLength={80}
            value={tag}
            onChange={(event) => setTag(event.target.value)}
          />
        )}
      </Field>
      <datalist id={listId}>
        {known.data?.values.map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
      <DialogActions>
        <Button type="submit" tone="primary" busy={busy}>
          {kind === 'add-tag' ? 'Add the tag' : 'Take it off'}
        </Button>
      </DialogActions>
    </form>
  );
}

function MoveForm({ busy, onApply }: FormProps) {
  const companies = useApiQuery('listCompanies');
  const [place, setPlace] = useState<Place>();
  const [error, setError] = useState<string>();
  if (companies.error)
    return <LoadFailure error={companies.error} onRetry={() => void companies.refetch()} />;
  if (!companies.data) return <SkeletonRows rows={2} />;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (place) onApply({ kind: 'move', ...place });
    else setError('Choose a company.');
  }
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      <PlaceFields
        companies={companies.data.companies}
        place={place}
        error={error}
        mayBeNone
        onChange={(next) => {
          setError(undefined);
          setPlace(next);
        }}
      />
      <DialogActions>
        <Button type="submit" tone="primary" busy={busy}>
          Move
        </Button>
      </DialogActions>
    </form>
  );
}

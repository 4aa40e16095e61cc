import { Tag } from '@guruconnect/shared';
import { type FormEvent, useId, useState } from 'react';
import { safeParse } from 'zod/mini';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Input, Select, TextArea } from '../../components/input.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
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
        <FlagForm busy={busy} onApply={onApply} />
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

function FlagForm({ busy, onApply }: FormProps) {
  const [note, setNote] = useState('');
  function submit(event: FormEvent): void {
    event.preventDefault();
    onApply({ kind: 'flag', note: note.trim() });
  }
  return (
    <form onSubmit={submit}>
      <Field label="What should somebody look at?" hint="May be left empty.">
        {(control) => (
          <TextArea
            {...control}
            autoFocus
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      <DialogActions>
        <Button type="submit" tone="primary" busy={busy}>
          Flag
        </Button>
      </DialogActions>
    </form>
  );
}

function MoveForm({ busy, onApply }: FormProps) {
  const companies = useApiQuery('listCompanies');
  const [target, setTarget] = useState<{ companyId: string; siteId: string | null }>();
  const [error, setError] = useState<string>();
  if (companies.error)
    return <LoadFailure error={companies.error} onRetry={() => void companies.refetch()} />;
  if (!companies.data) return <SkeletonRows rows={2} />;
  const company = companies.data.companies.find((one) => one.companyId === target?.companyId);
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (target) onApply({ kind: 'move', ...target });
    else setError('Choose a company.');
  }
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate>
      <Field label="Company" error={error}>
        {(control) => (
          <Select
            {...control}
            value={target?.companyId ?? ''}
            onChange={(event) => {
              setError(undefined);
              setTarget(event.target.value ? { companyId: event.target.value, siteId: null } : undefined);
            }}
          >
            <option value="">Choose…</option>
            {companies.data.companies.map((one) => (
              <option key={one.companyId} value={one.companyId}>
                {one.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Site">
        {(control) => (
          <Select
            {...control}
            disabled={!target}
            value={target?.siteId ?? ''}
            onChange={(event) => target && setTarget({ ...target, siteId: event.target.value || null })}
          >
            <option value="">No site</option>
            {company?.sites.map((site) => (
              <option key={site.siteId} value={site.siteId}>
                {site.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <DialogActions>
        <Button type="submit" tone="primary" busy={busy}>
          Move
        </Button>
      </DialogActions>
    </form>
  );
}

import { MAX_QUERY_LENGTH, may, parseMachineQuery, type SavedFilterView } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Checkbox, Input, Select, TextArea } from '../../components/input.tsx';
import { describeError } from '../../lib/describe-error.ts';
import { useActor } from '../../lib/me-context.ts';
import { useApiMutation } from '../../lib/use-api.ts';

const SHARED: Record<SavedFilterView['shared'], string> = {
  none: 'Only me',
  team: 'My team',
  company: 'Everyone',
};

/** Names a query and keeps it; or changes one that is kept. */
export function SaveFilterDialog(props: {
  /** The one that is changed; without it a new one is made. */
  filter?: SavedFilterView;
  query: string;
  onClose: () => void;
  onSaved?: (filter: SavedFilterView) => void;
}) {
  const { filter } = props;
  const actor = useActor();
  const [name, setName] = useState(filter?.name ?? '');
  const [query, setQuery] = useState(props.query);
  const [shared, setShared] = useState(filter?.shared ?? 'none');
  const [isPinned, setPinned] = useState(filter?.pinned ?? true);
  const [problem, setProblem] = useState<{ name?: string; query?: string }>({});
  const options = {
    refreshes: ['listFilters' as const],
    said: 'The filter is saved.',
    showsError: true as const,
    onDone: (saved: SavedFilterView) => {
      props.onSaved?.(saved);
      props.onClose();
    },
  };
  const create = useApiMutation('createFilter', options);
  const change = useApiMutation('changeFilter', options);
  const error = create.error ?? change.error;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const parsed = parseMachineQuery(query);
    const found = {
      ...(name.trim() ? {} : { name: 'Give it a name.' }),
      ...(parsed.ok ? {} : { query: parsed.problem.message }),
    };
    setProblem(found);
    if (Object.keys(found).length > 0) return;
    const body = { name: name.trim(), query: query.trim(), shared, pinned: isPinned };
    if (filter) change.mutate({ params: { filterId: filter.filterId }, body });
    else create.mutate({ body });
  }
  const mayShare = may(actor, 'filter:share', null) || shared === 'company';
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title={filter ? 'Change the filter' : 'Save as a filter'}
      description="Find the same machines again with one click."
    >
      <form onSubmit={submit} className="grid gap-4" noValidate>
        <Field label="Name" error={problem.name}>
          {(control) => (
            <Input
              {...control}
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Search" hint="Empty for all machines." error={problem.query}>
          {(control) => (
            <TextArea
              {...control}
              rows={2}
              spellCheck={false}
              maxLength={MAX_QUERY_LENGTH}
              className="!min-h-16 font-mono"
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          )}
        </Field>
        <Field label="Who may use it">
          {(control) => (
            <Select
              {...control}
              value={shared}
              onChange={(event) => setShared(event.target.value as SavedFilterView['shared'])}
            >
              <option value="none">{SHARED.none}</option>
              <option value="team" disabled={actor.teamId === null}>
                {SHARED.team}
              </option>
              {mayShare && <option value="company">{SHARED.company}</option>}
            </Select>
          )}
        </Field>
        <Checkbox
          label="Pin it to the top"
          hint="With the number of its machines."
          checked={isPinned}
          onChange={(event) => setPinned(event.target.checked)}
        />
        {error && (
          <p role="alert" className="text-danger-text text-sm">
            {describeError(error)}
          </p>
        )}
        <DialogActions>
          <Button type="submit" tone="primary" busy={create.isPending || change.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

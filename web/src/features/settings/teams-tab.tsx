import { DisplayName, type TeamView } from '@guruconnect/shared';
import { Pencil, Trash2, Users } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { safeParse } from 'zod/mini';
import { Button } from '../../components/button.tsx';
import { TitledCard } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { FIELD_SENTENCES } from '../../lib/field-problems.ts';
import { useApiMutation, useApiQuery } from '../../lib/use-api.ts';

export function TeamsTab() {
  const teams = useApiQuery('listTeams');
  return (
    <TitledCard
      title="Teams"
      description="Members of a team see one another's sessions unless they are private."
    >
      <div className="grid gap-6">
        <AddTeam />
        {teams.data ? (
          <TeamList teams={teams.data.teams} />
        ) : teams.error ? (
          <LoadFailure error={teams.error} onRetry={() => void teams.refetch()} />
        ) : (
          <SkeletonRows rows={2} />
        )}
      </div>
    </TitledCard>
  );
}

function TeamList({ teams }: { teams: TeamView[] }) {
  if (teams.length === 0) {
    return (
      <EmptyState icon={Users} title="No teams yet">
        Add one above, then put technicians into it.
      </EmptyState>
    );
  }
  return (
    <ul className="divide-y">
      {teams.map((team) => (
        <TeamRow key={team.teamId} team={team} />
      ))}
    </ul>
  );
}

function AddTeam() {
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const create = useApiMutation('createTeam', {
    refreshes: ['listTeams'],
    said: 'The team was added.',
    onDone: () => setName(''),
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const parsed = safeParse(DisplayName, name);
    setProblem(parsed.success ? undefined : FIELD_SENTENCES.name);
    if (parsed.success) create.mutate({ body: { name: parsed.data } });
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-wrap items-end gap-3">
      <Field label="New team" error={problem} className="w-full max-w-xs">
        {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Button type="submit" busy={create.isPending}>
        Add team
      </Button>
    </form>
  );
}

function TeamRow({ team }: { team: TeamView }) {
  const [mode, setMode] = useState<'renaming' | 'deleting'>();
  const remove = useApiMutation('deleteTeam', {
    refreshes: ['listTeams'],
    said: 'The team was deleted.',
    onDone: () => setMode(undefined),
  });
  return (
    <li className="flex flex-wrap items-center gap-3 py-3 text-sm first:pt-0 last:pb-0">
      {mode === 'renaming' ? (
        <RenameTeam team={team} onDone={() => setMode(undefined)} />
      ) : (
        <>
          <p className="min-w-0 flex-1 break-words font-medium">{team.name}</p>
          <p className="text-muted-foreground">
            {team.members} {team.members === 1 ? 'member' : 'members'}
          </p>
          <Button
            tone="ghost"
            size="icon"
            aria-label={`Rename ${team.name}`}
            onClick={() => setMode('renaming')}
          >
            <Pencil aria-hidden="true" />
          </Button>
          <Button
            tone="dangerGhost"
            size="icon"
            aria-label={`Delete ${team.name}`}
            disabled={team.members > 0}
            title={team.members > 0 ? 'Only a team without members can be deleted' : undefined}
            onClick={() => setMode('deleting')}
          >
            <Trash2 aria-hidden="true" />
          </Button>
        </>
      )}
      <ConfirmDialog
        open={mode === 'deleting'}
        onOpenChange={(open) => setMode(open ? 'deleting' : undefined)}
        title={`Delete the team ${team.name}?`}
        confirmLabel="Delete team"
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ params: { teamId: team.teamId } })}
      >
        It has no members. This cannot be undone.
      </ConfirmDialog>
    </li>
  );
}

function RenameTeam({ team, onDone }: { team: TeamView; onDone: () => void }) {
  const [name, setName] = useState(team.name);
  const change = useApiMutation('changeTeam', { refreshes: ['listTeams'], onDone });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const parsed = safeParse(DisplayName, name);
    if (parsed.success) change.mutate({ params: { teamId: team.teamId }, body: { name: parsed.data } });
  }
  return (
    <form onSubmit={submit} className="flex flex-1 flex-wrap items-center gap-2">
      <Input
        aria-label={`New name of ${team.name}`}
        autoFocus
        required
        maxLength={80}
        className="max-w-xs"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" tone="primary" busy={change.isPending}>
        Save
      </Button>
      <Button onClick={onDone}>Keep the old name</Button>
    </form>
  );
}

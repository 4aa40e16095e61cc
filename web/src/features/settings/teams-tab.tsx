import type { TeamView } from '@guruconnect/shared';
import { Pencil, Trash2, Users } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { TitledCard } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { useApiMutation, useApiQuery } from '../../lib/use-api.ts';
import { AddByName } from './add-by-name.tsx';
import { RenameForm } from './rename-form.tsx';

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
  const create = useApiMutation('createTeam', { refreshes: ['listTeams'], said: 'The team was added.' });
  return (
    <AddByName
      label="New team"
      action="Add team"
      busy={create.isPending}
      onAdd={(name, empty) => create.mutate({ body: { name } }, { onSuccess: empty })}
    />
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
  const change = useApiMutation('changeTeam', { refreshes: ['listTeams'], onDone });
  return (
    <RenameForm
      name={team.name}
      busy={change.isPending}
      onRename={(name) => change.mutate({ params: { teamId: team.teamId }, body: { name } })}
      onCancel={onDone}
    />
  );
}

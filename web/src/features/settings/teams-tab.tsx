import type { TeamView } from '@guruconnect/shared';
import { Users } from 'lucide-react';
import { useState } from 'react';
import { TitledCard } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { useApiMutation, useApiQuery } from '../../lib/use-api.ts';
import { AddByName } from './add-by-name.tsx';
import { NamedRow, type RowMode } from './named-row.tsx';

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
  const [mode, setMode] = useState<RowMode>();
  const params = { teamId: team.teamId };
  const onDone = () => setMode(undefined);
  const change = useApiMutation('changeTeam', { refreshes: ['listTeams'], onDone });
  const remove = useApiMutation('deleteTeam', {
    refreshes: ['listTeams'],
    said: 'The team was deleted.',
    onDone,
  });
  return (
    <NamedRow
      name={team.name}
      note={`${team.members} ${team.members === 1 ? 'member' : 'members'}`}
      kind="team"
      keptBecause={team.members > 0 ? 'Only a team without members can be deleted' : undefined}
      className="py-3 first:pt-0 last:pb-0"
      mode={mode}
      onMode={setMode}
      busy={change.isPending || remove.isPending}
      onRename={(name) => change.mutate({ params, body: { name } })}
      onDelete={() => remove.mutate({ params })}
    >
      It has no members. This cannot be undone.
    </NamedRow>
  );
}

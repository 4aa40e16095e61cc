import type { CompanyAccess, CompanyView } from '@guruconnect/shared';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { ROLE_NAMES } from '../../lib/role-names.ts';
import { useApiMutation, useApiQuery } from '../../lib/use-api.ts';
import { Choice } from './choice.tsx';

/** Which technicians reach a company's machines. Seniors and administrators always do. */
export function CompanyAccessForm({ company }: { company: CompanyView }) {
  const [access, setAccess] = useState<CompanyAccess>(company.access);
  const [userIds, setUserIds] = useState<readonly string[]>(company.assignedUserIds);
  const [teamIds, setTeamIds] = useState<readonly string[]>(company.assignedTeamIds);
  const group = useId();
  const save = useApiMutation('changeCompany', {
    refreshes: ['listCompanies'],
    said: 'Saved. It holds at once.',
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate({
      params: { companyId: company.companyId },
      body: { access, assignedUserIds: [...userIds], assignedTeamIds: [...teamIds] },
    });
  }
  return (
    <form onSubmit={submit} className="grid gap-3">
      <fieldset className="grid gap-2">
        <legend className="sr-only">Who reaches its machines</legend>
        <Choice
          name={group}
          label="Every technician"
          checked={access === 'everyone'}
          onChoose={() => setAccess('everyone')}
        />
        <Choice
          name={group}
          label="Only those assigned here"
          hint="Senior technicians and administrators reach every company."
          checked={access === 'assigned'}
          onChoose={() => setAccess('assigned')}
        />
      </fieldset>
      {access === 'assigned' && (
        <Assignments userIds={userIds} teamIds={teamIds} onUserIds={setUserIds} onTeamIds={setTeamIds} />
      )}
      <Button type="submit" busy={save.isPending} className="justify-self-start">
        Save access
      </Button>
    </form>
  );
}

function Assignments(props: {
  userIds: readonly string[];
  teamIds: readonly string[];
  onUserIds: (userIds: readonly string[]) => void;
  onTeamIds: (teamIds: readonly string[]) => void;
}) {
  const users = useApiQuery('listUsers');
  const teams = useApiQuery('listTeams');
  const error = users.error ?? teams.error;
  if (error) {
    const retry = () => void Promise.all([users.refetch(), teams.refetch()]);
    return <LoadFailure error={error} onRetry={retry} />;
  }
  if (!users.data || !teams.data) return <SkeletonRows rows={1} />;
  const people = users.data.users.filter((user) => user.role === 'technician' && !user.disabled);
  return (
    <div className="grid gap-4 rounded-lg border p-3 sm:grid-cols-2">
      <Ticks
        legend="Teams"
        none="There are no teams yet."
        items={teams.data.teams.map((team) => ({ id: team.teamId, name: team.name, note: '' }))}
        chosen={props.teamIds}
        onChosen={props.onTeamIds}
      />
      <Ticks
        legend="Technicians"
        none={`There is nobody with the role ${ROLE_NAMES.technician} yet.`}
        items={people.map((user) => ({ id: user.userId, name: user.name, note: user.username }))}
        chosen={props.userIds}
        onChosen={props.onUserIds}
      />
    </div>
  );
}

function Ticks(props: {
  legend: string;
  none: string;
  items: readonly { id: string; name: string; note: string }[];
  chosen: readonly string[];
  onChosen: (ids: readonly string[]) => void;
}) {
  const { chosen } = props;
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">{props.legend}</legend>
      {props.items.length === 0 && <p className="text-muted-foreground text-sm">{props.none}</p>}
      <div className="grid max-h-56 gap-1 overflow-y-auto">
        {props.items.map(({ id, name, note }) => (
          <label key={id} className="flex items-center gap-2.5 rounded-md px-1.5 py-1 text-sm hover:bg-muted">
            <input
              type="checkbox"
              className="size-4 shrink-0 accent-primary"
              checked={chosen.includes(id)}
              onChange={(event) =>
                props.onChosen(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
              }
            />
            <span className="min-w-0 truncate">{name}</span>
            {note && <span className="truncate text-muted-foreground text-xs">{note}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

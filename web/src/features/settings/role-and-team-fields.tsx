import { Role } from '@guruconnect/shared';
import { parse } from 'zod/mini';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/input.tsx';
import { ROLE_NAMES } from '../../lib/role-names.ts';
import { useApiQuery } from '../../lib/use-api.ts';

const ROLE_HINTS: Record<Role, string> = {
  technician: 'Own sessions in full; watches those of the team.',
  senior: 'Also joins and ends sessions of the team, and assigns codes.',
  admin: 'Everything, including people and settings.',
};

export interface RoleAndTeam {
  role: Role;
  teamId: string | null;
}

export function RoleAndTeamFields(props: { value: RoleAndTeam; onChange: (value: RoleAndTeam) => void }) {
  const { value, onChange } = props;
  const teams = useApiQuery('listTeams');
  return (
    <>
      <Field label="Role" hint={ROLE_HINTS[value.role]}>
        {(control) => (
          <Select
            {...control}
            value={value.role}
            onChange={(event) => onChange({ ...value, role: parse(Role, event.target.value) })}
          >
            {Object.entries(ROLE_NAMES).map(([role, name]) => (
              <option key={role} value={role}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Team" error={teams.error ? 'The teams could not be loaded.' : undefined}>
        {(control) => (
          <Select
            {...control}
            value={value.teamId ?? ''}
            onChange={(event) => onChange({ ...value, teamId: event.target.value || null })}
          >
            <option value="">No team</option>
            {(teams.data?.teams ?? []).map((team) => (
              <option key={team.teamId} value={team.teamId}>
                {team.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  );
}

import { Field } from '../../components/field.tsx';
import { Select } from '../../components/input.tsx';
import { useMe } from '../../lib/me-context.ts';
import { useApiQuery } from '../../lib/use-api.ts';

const FIRST_COME = 'first-come';

/** Whom the session belongs to: me, a colleague, or whoever comes first (null). */
export function AssignField(props: { value: string | null; onChange: (userId: string | null) => void }) {
  const me = useMe();
  const people = useApiQuery('listUsers');
  const others = people.data?.users.filter((user) => !user.disabled && user.userId !== me.userId) ?? [];
  return (
    <Field
      label="Assigned to"
      error={people.error ? 'The list of technicians could not be loaded.' : undefined}
    >
      {(control) => (
        <Select
          {...control}
          value={props.value ?? FIRST_COME}
          onChange={(event) => props.onChange(event.target.value === FIRST_COME ? null : event.target.value)}
        >
          <option value={me.userId}>Me</option>
          <option value={FIRST_COME}>Whoever comes first</option>
          {others.map((user) => (
            <option key={user.userId} value={user.userId}>
              {user.name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

import type { Visibility } from '@guruconnect/shared';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/input.tsx';
import { VISIBILITY_NAMES } from '../../lib/role-names.ts';

/** Who sees a session, from its owner alone to everyone. */
export function VisibilityField(props: { value: Visibility; onChange: (value: Visibility) => void }) {
  return (
    <Field label="Who may see it">
      {(control) => (
        <Select
          {...control}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value as Visibility)}
        >
          {Object.entries(VISIBILITY_NAMES).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

import { useState } from 'react';
import { Field } from '../../components/field.tsx';
import { Input, Select } from '../../components/input.tsx';
import { splitMinutes, UNIT_MINUTES, type Unit } from './duration-units.ts';

/** A length of time in minutes, shown in the unit that suits it; null, where allowed, for no limit. */
export function DurationField(props: {
  label: string;
  hint?: string;
  none?: string;
  value: number | null;
  onChange: (minutes: number | null) => void;
  error?: string | undefined;
}) {
  const { value, onChange } = props;
  const [unit, setUnit] = useState<Unit>(() => splitMinutes(value ?? 60).unit);
  const amount = value === null ? '' : String(value / UNIT_MINUTES[unit]);
  return (
    <Field label={props.label} hint={props.hint} error={props.error}>
      {(control) => (
        <div className="flex gap-2">
          {props.none && (
            <Select
              aria-label={`${props.label}: whether limited`}
              className="max-w-44"
              value={value === null ? 'none' : 'limited'}
              onChange={(event) => onChange(event.target.value === 'none' ? null : UNIT_MINUTES[unit])}
            >
              <option value="limited">After</option>
              <option value="none">{props.none}</option>
            </Select>
          )}
          {value !== null && (
            <>
              <Input
                {...control}
                type="number"
                min={1}
                step={1}
                className="max-w-24"
                value={amount}
                onChange={(event) =>
                  onChange(Math.round(event.target.valueAsNumber * UNIT_MINUTES[unit]) || 0)
                }
              />
              <Select
                aria-label={`${props.label}: unit`}
                className="max-w-32"
                value={unit}
                onChange={(event) => {
                  const next = event.target.value as Unit;
                  onChange(Math.round((value / UNIT_MINUTES[unit]) * UNIT_MINUTES[next]));
                  setUnit(next);
                }}
              >
                <option value="minutes">minutes</option>
                <option value="hours">hours</option>
                <option value="days">days</option>
              </Select>
            </>
          )}
        </div>
      )}
    </Field>
  );
}

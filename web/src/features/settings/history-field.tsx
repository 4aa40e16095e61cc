import { Field } from '../../components/field.tsx';
import { Input, Select } from '../../components/input.tsx';

const USUAL_DAYS = 365;
const LABEL = 'What is over is removed';

/** How long commands, closed requests and reports of updates are kept; null: for good. */
export function HistoryField(props: {
  days: number | null;
  onChange: (days: number | null) => void;
  error: string | undefined;
}) {
  const { days, onChange } = props;
  return (
    <Field
      label={LABEL}
      hint="Answered commands, closed requests for help, reports of updates and pictures of screens, once a day. What is open, each machine’s newest report and the audit log stay."
      error={props.error}
    >
      {(control) => (
        <div className="flex items-center gap-2">
          <Select
            aria-label={`${LABEL}: whether at all`}
            className="max-w-44"
            value={days === null ? 'never' : 'after'}
            onChange={(event) => onChange(event.target.value === 'never' ? null : USUAL_DAYS)}
          >
            <option value="after">After</option>
            <option value="never">Never</option>
          </Select>
          {days !== null && (
            <>
              <Input
                {...control}
                type="number"
                min={1}
                max={3650}
                step={1}
                className="max-w-24"
                value={Number.isNaN(days) ? '' : String(days || '')}
                onChange={(event) => onChange(event.target.valueAsNumber || 0)}
              />
              <span className="text-muted-foreground text-sm">days</span>
            </>
          )}
        </div>
      )}
    </Field>
  );
}

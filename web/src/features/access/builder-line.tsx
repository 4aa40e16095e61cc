import { AGE_UNITS, findQueryField, QUERY_FIELDS, QUERY_FLAGS } from '@guruconnect/shared';
import { Trash2 } from 'lucide-react';
import { useId } from 'react';
import { Button } from '../../components/button.tsx';
import { Input, Select } from '../../components/input.tsx';
import { useApiQuery } from '../../lib/use-api.ts';
import type { BuilderRow } from './builder-rows.ts';
import { suggestedLabel } from './query-completion.ts';

/** The choice at the left of a line: a field, words anywhere, a state, or a custom property. */
function fieldOf(row: BuilderRow): string {
  switch (row.kind) {
    case 'words':
      return 'words';
    case 'flag':
      return 'is';
    case 'property':
      return 'prop';
    default:
      return row.field;
  }
}

function withField(row: BuilderRow, field: string): BuilderRow {
  const { not } = row;
  const text = 'text' in row ? row.text : '';
  if (field === 'words') return { kind: 'words', not, text };
  if (field === 'is') return { kind: 'flag', not, flag: 'online' };
  if (field === 'prop') return { kind: 'property', not, key: '', text };
  return findQueryField(field)?.kind === 'age'
    ? { kind: 'age', field, not: false, than: field === 'offline' ? 'more' : 'less', amount: '7', unit: 'd' }
    : { kind: 'text', field, not, text: row.kind === 'text' && row.field !== field ? '' : text };
}

/** One condition: a field, how it is compared, and with what. */
export function BuilderLine(props: {
  row: BuilderRow;
  number: number;
  onChange: (row: BuilderRow) => void;
  onRemove: () => void;
}) {
  const { row, number, onChange } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row in every browser
    <div role="group" aria-label={`Condition ${number}`} className="flex flex-wrap items-center gap-2">
      <Select
        aria-label="Field"
        value={fieldOf(row)}
        onChange={(event) => onChange(withField(row, event.target.value))}
        className="!w-auto min-w-0 flex-[2_1_9rem]"
      >
        <option value="words">Anything</option>
        <option value="is">State</option>
        {QUERY_FIELDS.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
        <option value="prop">Custom property</option>
      </Select>
      <Operator row={row} onChange={onChange} />
      <Value row={row} onChange={onChange} />
      <Button tone="ghost" size="icon" aria-label={`Take condition ${number} away`} onClick={props.onRemove}>
        <Trash2 aria-hidden="true" />
      </Button>
    </div>
  );
}

function Operator({ row, onChange }: { row: BuilderRow; onChange: (row: BuilderRow) => void }) {
  const look = '!w-auto min-w-0 flex-[1_1_8rem]';
  if (row.kind === 'age')
    return (
      <Select
        aria-label="Comparison"
        value={row.than}
        onChange={(event) =>
          onChange({ ...row, not: false, than: event.target.value === 'less' ? 'less' : 'more' })
        }
        className={look}
      >
        <option value="less">less than</option>
        <option value="more">more than</option>
      </Select>
    );
  const isPart = row.kind === 'words' || (row.kind === 'text' && isPartField(row.field));
  return (
    <Select
      aria-label="Comparison"
      value={row.not ? 'not' : 'is'}
      onChange={(event) => onChange({ ...row, not: event.target.value === 'not' })}
      className={look}
    >
      <option value="is">{isPart ? 'contains' : 'is'}</option>
      <option value="not">{isPart ? 'does not contain' : 'is not'}</option>
    </Select>
  );
}

/** Whether a part of the field's value is enough. */
function isPartField(field: string): boolean {
  const info = findQueryField(field);
  return info?.kind === 'text' && info.match === 'part';
}

function Value({ row, onChange }: { row: BuilderRow; onChange: (row: BuilderRow) => void }) {
  const look = '!w-auto min-w-0 flex-[3_1_12rem]';
  switch (row.kind) {
    case 'flag':
      return (
        <Select
          aria-label="State"
          value={row.flag}
          onChange={(event) => {
            const chosen = QUERY_FLAGS.find(({ flag }) => flag === event.target.value);
            if (chosen) onChange({ ...row, flag: chosen.flag });
          }}
          className={look}
        >
          {QUERY_FLAGS.map(({ flag, title }) => (
            <option key={flag} value={flag}>
              {title}
            </option>
          ))}
        </Select>
      );
    case 'age':
      return (
        <>
          <Input
            aria-label="Amount"
            inputMode="numeric"
            value={row.amount}
            onChange={(event) =>
              onChange({ ...row, amount: event.target.value.replace(/\D/g, '').slice(0, 5) })
            }
            className="!w-auto min-w-0 flex-[1_1_4rem]"
          />
          <Select
            aria-label="Unit"
            value={row.unit}
            onChange={(event) => {
              const chosen = AGE_UNITS.find(({ unit }) => unit === event.target.value);
              if (chosen) onChange({ ...row, unit: chosen.unit });
            }}
            className="!w-auto min-w-0 flex-[2_1_6rem]"
          >
            {AGE_UNITS.map(({ unit, title }) => (
              <option key={unit} value={unit}>
                {title}
              </option>
            ))}
          </Select>
        </>
      );
    case 'property':
      return (
        <>
          <Input
            aria-label="Name of the property"
            placeholder="Property"
            value={row.key}
            onChange={(event) =>
              onChange({ ...row, key: event.target.value.replace(/[^\w.-]/g, '').slice(0, 40) })
            }
            className="!w-auto min-w-0 flex-[1_1_6rem]"
          />
          <TextValue row={row} onChange={onChange} field="" look={look} />
        </>
      );
    case 'words':
      return <TextValue row={row} onChange={onChange} field="" look={look} />;
    case 'text':
      return <TextValue row={row} onChange={onChange} field={row.field} look={look} />;
  }
}

function TextValue(props: {
  row: Extract<BuilderRow, { text: string }>;
  field: string;
  look: string;
  onChange: (row: BuilderRow) => void;
}) {
  const { row, field, onChange } = props;
  const listId = useId();
  const label = suggestedLabel(field);
  return (
    <>
      <Input
        aria-label="Value"
        list={listId}
        autoComplete="off"
        placeholder={row.kind === 'words' ? 'Words' : 'One, or several with commas'}
        value={row.text}
        onChange={(event) => onChange({ ...row, text: event.target.value })}
        className={props.look}
      />
      <datalist id={listId}>{label && <LabelOptions label={label} />}</datalist>
    </>
  );
}

function LabelOptions({ label }: { label: NonNullable<ReturnType<typeof suggestedLabel>> }) {
  const { data } = useApiQuery('suggestLabels', { query: { label } });
  return data?.values.map((value) => <option key={value} value={value} />);
}

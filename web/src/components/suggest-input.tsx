import type { ApiQuery } from '@guruconnect/shared';
import { type ComponentProps, useDeferredValue, useId } from 'react';
import { useApiQuery } from '../lib/use-api.ts';
import { Input } from './input.tsx';

export type SuggestedLabel = ApiQuery<'suggestLabels'>['label'];

export type SuggestInputProps = Omit<ComponentProps<'input'>, 'value'> & {
  label: SuggestedLabel;
  value: string;
  /** Those that are there already. */
  without?: readonly string[];
  /** Where several are entered, with commas between them: the last one is completed. */
  isList?: boolean;
};

/** A field that offers what other machines have there already; anything else may be entered as well. */
export function SuggestInput({ label, value, without = [], isList = false, ...rest }: SuggestInputProps) {
  const listId = useId();
  const lastAt = isList ? value.lastIndexOf(',') + 1 : 0;
  const before = lastAt > 0 ? `${value.slice(0, lastAt)} ` : '';
  const prefix = useDeferredValue(value.slice(lastAt).trim());
  const suggestions = useApiQuery('suggestLabels', { query: prefix ? { label, prefix } : { label } });
  const offered = (suggestions.data?.values ?? []).filter((one) => !without.includes(one));
  return (
    <>
      <Input autoComplete="off" {...rest} list={listId} value={value} />
      <datalist id={listId}>
        {offered.map((one) => (
          <option key={one} value={before + one} />
        ))}
      </datalist>
    </>
  );
}

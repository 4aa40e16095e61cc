import type { ApiQuery } from '@guruconnect/shared';
import { type ComponentProps, useDeferredValue, useId } from 'react';
import { useApiQuery } from '../lib/use-api.ts';
import { Input } from './input.tsx';

export type SuggestedLabel = ApiQuery<'suggestLabels'>['label'];

/** A field that offers what other machines have there already; anything else may be entered as well. */
export function SuggestInput({
  label,
  value,
  without = [],
  ...rest
}: ComponentProps<'input'> & { label: SuggestedLabel; value: string; without?: readonly string[] }) {
  const listId = useId();
  const prefix = useDeferredValue(value.trim());
  const suggestions = useApiQuery('suggestLabels', { query: prefix ? { label, prefix } : { label } });
  const offered = (suggestions.data?.values ?? []).filter((one) => !without.includes(one));
  return (
    <>
      <Input autoComplete="off" {...rest} list={listId} value={value} />
      <datalist id={listId}>
        {offered.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}

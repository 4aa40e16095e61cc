import { skipToken, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../lib/api-context.ts';
import { useAccessChoices } from './access-store.ts';
import {
  type Completion,
  completionAt,
  fieldSuggestions,
  fixedSuggestions,
  quoted,
  type Suggestion,
  suggestedLabel,
} from './query-completion.ts';

export type Option = { readonly key: string; readonly label: string; readonly hint: string } & (
  | { readonly kind: 'recent'; readonly query: string }
  | { readonly kind: 'completion'; readonly completion: Completion; readonly suggestion: Suggestion }
);

const MAX_OPTIONS = 10;

/** What could be meant at the caret: recent queries in an empty field, fields, or values of one. */
export function useSuggestions(text: string, caret: number, isOpen: boolean): readonly Option[] {
  const recent = useAccessChoices((choices) => choices.recentQueries);
  const completion = useMemo(() => completionAt(text, caret), [text, caret]);
  const values = useLabelValues(isOpen ? completion : undefined);
  return useMemo(() => {
    if (!isOpen) return [];
    if (text.trim() === '')
      return recent.map(
        (query) => ({ kind: 'recent', key: query, label: query, hint: 'Recent', query }) as const,
      );
    if (!completion) return [];
    const suggestions =
      completion.kind === 'field'
        ? fieldSuggestions(completion.prefix)
        : [
            ...fixedSuggestions(completion.field, completion.prefix),
            ...values.map((value) => ({ insert: quoted(value), label: value, hint: '' })),
          ];
    return suggestions.slice(0, MAX_OPTIONS).map(
      (suggestion) =>
        ({
          kind: 'completion',
          key: suggestion.insert,
          label: suggestion.label,
          hint: suggestion.hint,
          completion,
          suggestion,
        }) as const,
    );
  }, [isOpen, text, recent, completion, values]);
}

const NONE: readonly string[] = [];

/** Values that machines have, from the server; none while they are on their way. */
function useLabelValues(completion: Completion | undefined): readonly string[] {
  const api = useApi();
  const label = completion?.kind === 'value' ? suggestedLabel(completion.field) : undefined;
  const prefix = completion?.prefix.replace(/[*"].*$/, '').slice(0, 80) ?? '';
  const { data } = useQuery({
    queryKey: ['suggestLabels', label, prefix],
    queryFn: label
      ? ({ signal }) => api.call('suggestLabels', { query: { label, prefix }, signal })
      : skipToken,
  });
  return data?.values ?? NONE;
}

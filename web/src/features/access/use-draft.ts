import { parseMachineQuery, type QueryProblem } from '@guruconnect/shared';
import { useEffect, useRef, useState } from 'react';
import { completionAt, fieldSuggestions } from './query-completion.ts';

/** After so long without a key, what was typed is looked for. */
const SEARCH_AFTER_MS = 200;
/** What may become a field's name is looked for as a word a little later. */
const FIELD_AFTER_MS = 600;
/** A half-written term is no mistake yet. */
const COMPLAIN_AFTER_MS = 900;

/** What is being typed; looked for after a moment's rest, as soon as it makes sense. */
export function useDraft(
  query: string,
  caret: number,
  onQuery: (query: string, options: { replace: boolean }) => void,
) {
  const [text, setText] = useState(query);
  const typed = completionAt(text, caret);
  const isField = typed?.kind === 'field' && fieldSuggestions(typed.prefix).length > 0;
  const [problem, setProblem] = useState<QueryProblem>();
  const committed = useRef(query);
  useEffect(() => {
    // Back, forward or a link: the field follows.
    if (query === committed.current) return;
    committed.current = query;
    setText(query);
    setProblem(undefined);
  }, [query]);

  function commit(wanted: string, replace: boolean): boolean {
    const parsed = parseMachineQuery(wanted);
    setProblem(parsed.ok ? undefined : parsed.problem);
    if (!parsed.ok) return false;
    const tidy = wanted.trim();
    if (tidy !== committed.current) {
      committed.current = tidy;
      onQuery(tidy, { replace });
    }
    return true;
  }
  const newest = useRef(commit);
  newest.current = commit;
  useEffect(() => {
    if (text.trim() === committed.current) return undefined;
    const { ok } = parseMachineQuery(text);
    const timer = setTimeout(
      () => newest.current(text, committed.current !== ''),
      ok ? (isField ? FIELD_AFTER_MS : SEARCH_AFTER_MS) : COMPLAIN_AFTER_MS,
    );
    return () => clearTimeout(timer);
  }, [text, isField]);
  const set = (wanted: string) => {
    setText(wanted);
    setProblem(undefined);
  };
  return { text, set, problem, commit };
}

import { MAX_QUERY_LENGTH, parseMachineQuery, type QueryProblem } from '@guruconnect/shared';
import { Search, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { cn } from '../../lib/class-names.ts';
import { useAccessChoices } from './access-store.ts';
import { complete, completionAt, fieldSuggestions } from './query-completion.ts';
import { type Option, useSuggestions } from './use-suggestions.ts';

/** After so long without a key, what was typed is looked for. */
const SEARCH_AFTER_MS = 200;
/** What may become a field's name is looked for as a word a little later. */
const FIELD_AFTER_MS = 600;
/** A half-written term is no mistake yet. */
const COMPLAIN_AFTER_MS = 900;

/** The search field: the query language with completion, recent queries, and what is wrong marked where it is. */
export function SearchField(props: {
  query: string;
  onQuery: (query: string, options: { replace: boolean }) => void;
  inputRef: RefObject<HTMLInputElement | null>;
  /** What can be typed, as an example. */
  placeholder: string;
  /** The list's answer is on its way. */
  isBusy: boolean;
}) {
  const { query, onQuery, inputRef } = props;
  const id = useId();
  const [caret, setCaret] = useState(0);
  const draft = useDraft(query, caret, onQuery);
  const [isOpen, setOpen] = useState(false);
  const [highlighted, setHighlighted] = useState<number | null>(null);
  const remember = useAccessChoices((choices) => choices.remember);
  const options = useSuggestions(draft.text, caret, isOpen);
  const chosen = highlighted === null ? undefined : options[highlighted];

  function write(text: string, at: number): void {
    draft.set(text);
    setCaret(at);
    setHighlighted(null);
  }
  function choose(option: Option): void {
    if (option.kind === 'recent') {
      write(option.query, option.query.length);
      draft.commit(option.query, false);
      setOpen(false);
      return;
    }
    const done = complete(draft.text, option.completion, option.suggestion);
    write(done.text, done.caret);
    requestAnimationFrame(() => inputRef.current?.setSelectionRange(done.caret, done.caret));
  }
  function submit(): void {
    setOpen(false);
    if (draft.commit(draft.text, false) && draft.text.trim()) remember(draft.text.trim());
  }
  function onKeyDown(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!isOpen) setOpen(true);
      else if (options.length > 0)
        setHighlighted((was) => ((was ?? (step > 0 ? -1 : 0)) + step + options.length) % options.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (isOpen && chosen) choose(chosen);
      else submit();
    } else if (event.key === 'Tab' && isOpen && chosen) {
      event.preventDefault();
      choose(chosen);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (isOpen && options.length > 0) setOpen(false);
      else if (draft.text) {
        write('', 0);
        draft.commit('', false);
      } else inputRef.current?.blur();
    }
  }
  const listId = `${id}-options`;
  const isListed = isOpen && options.length > 0;
  return (
    <div className="relative min-w-0 flex-1">
      <Search
        aria-hidden="true"
        className={cn(
          'pointer-events-none absolute top-3 left-3 z-10 size-4 text-muted-foreground',
          props.isBusy && 'animate-pulse',
        )}
      />
      <ProblemMark text={draft.text} problem={draft.problem} inputRef={inputRef} />
      <input
        ref={inputRef}
        type="text"
        role="combobox"
        aria-label="Search machines"
        aria-expanded={isListed}
        aria-controls={listId}
        aria-autocomplete="list"
        {...(isListed && highlighted !== null ? { 'aria-activedescendant': `${listId}-${highlighted}` } : {})}
        {...(draft.problem ? { 'aria-invalid': true, 'aria-describedby': `${id}-problem` } : {})}
        placeholder={props.placeholder}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="search"
        maxLength={MAX_QUERY_LENGTH}
        value={draft.text}
        onChange={(event) => {
          write(event.target.value, event.target.selectionStart ?? event.target.value.length);
          setOpen(true);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        className="relative h-10 w-full rounded-lg border border-input bg-transparent pr-10 pl-9 text-base shadow-xs placeholder:text-muted-foreground focus-visible:border-ring focus-visible:outline-2 focus-visible:outline-ring focus-visible:outline-offset-0 aria-invalid:border-danger sm:text-sm"
      />
      {draft.text ? (
        <Button
          tone="ghost"
          size="icon"
          aria-label="Clear the search"
          className="absolute top-0.5 right-0.5"
          onClick={() => {
            write('', 0);
            draft.commit('', false);
            inputRef.current?.focus();
          }}
        >
          <X aria-hidden="true" />
        </Button>
      ) : (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute top-2.5 right-3 hidden rounded border bg-muted px-1.5 text-muted-foreground text-xs leading-5 sm:block"
        >
          /
        </span>
      )}
      <OptionList id={listId} options={isListed ? options : []} highlighted={highlighted} onChoose={choose} />
      <p id={`${id}-problem`} role="status" className="mt-1 text-danger-text text-sm empty:hidden">
        {draft.problem?.message}
      </p>
    </div>
  );
}

/** What is being typed; looked for after a moment's rest, as soon as it makes sense. */
function useDraft(
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

/** A wavy line under what is wrong: the same text behind the field, unseen. */
function ProblemMark(props: {
  text: string;
  problem: QueryProblem | undefined;
  inputRef: RefObject<HTMLInputElement | null>;
}) {
  const { text, problem } = props;
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const input = props.inputRef.current;
    if (!input || !problem) return undefined;
    const follow = () => {
      if (layer.current) layer.current.scrollLeft = input.scrollLeft;
    };
    follow();
    input.addEventListener('scroll', follow);
    return () => input.removeEventListener('scroll', follow);
  }, [problem, props.inputRef]);
  const end = problem ? problem.at + problem.length : 0;
  return (
    <div
      ref={layer}
      aria-hidden="true"
      className="pointer-events-none absolute inset-x-0 top-0 h-10 overflow-hidden whitespace-pre rounded-lg border border-transparent bg-card pr-10 pl-9 text-base text-transparent leading-[2.4rem] sm:text-sm"
    >
      {problem && (
        <>
          {text.slice(0, problem.at)}
          <span className="underline decoration-danger decoration-wavy decoration-2 underline-offset-4">
            {text.slice(problem.at, end) || ' '}
          </span>
          {text.slice(end)}
        </>
      )}
    </div>
  );
}

function OptionList(props: {
  id: string;
  options: readonly Option[];
  highlighted: number | null;
  onChoose: (option: Option) => void;
}) {
  return (
    <div
      id={props.id}
      role="listbox"
      aria-label="Suggestions"
      hidden={props.options.length === 0}
      className="absolute inset-x-0 top-11 z-30 max-h-80 overflow-y-auto rounded-lg border bg-card p-1 text-card-foreground shadow-lg"
    >
      {props.options.map((option, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
        <div
          key={option.key}
          id={`${props.id}-${index}`}
          role="option"
          aria-selected={index === props.highlighted}
          // The field must not lose the focus before the click.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => props.onChoose(option)}
          className="flex cursor-pointer items-baseline gap-3 rounded-md px-2.5 py-1.5 text-sm hover:bg-muted aria-selected:bg-muted"
        >
          <bdi className="truncate font-medium">{option.label}</bdi>
          <span className="ml-auto shrink-0 text-muted-foreground text-xs">{option.hint}</span>
        </div>
      ))}
    </div>
  );
}

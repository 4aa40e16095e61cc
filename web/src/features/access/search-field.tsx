import { MAX_QUERY_LENGTH } from '@guruconnect/shared';
import { Search, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useId, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { cn } from '../../lib/class-names.ts';
import { useAccessChoices } from './access-store.ts';
import { OptionList } from './option-list.tsx';
import { ProblemMark } from './problem-mark.tsx';
import { complete } from './query-completion.ts';
import { useDraft } from './use-draft.ts';
import { type Option, useSuggestions } from './use-suggestions.ts';

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

import { Search } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Spinner } from '../../components/spinner.tsx';
import { useFocusReturn } from '../../lib/use-focus-return.ts';
import type { PaletteItem } from './palette-items.ts';
import { usePaletteMemory } from './palette-store.ts';
import { usePaletteItems } from './use-palette-items.ts';

/** Machines, sessions and commands by name, with the keyboard alone. */
export function Palette({ onClose }: { onClose: () => void }) {
  const focusReturn = useFocusReturn();
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-overlay/60 backdrop-blur-[2px]" />
        <Dialog.Content
          {...focusReturn}
          aria-describedby={undefined}
          className="fixed top-[max(1rem,12dvh)] left-1/2 z-50 flex max-h-[min(32rem,calc(100dvh-2rem))] w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden rounded-card border border-border bg-card text-card-foreground shadow-xl"
        >
          <Dialog.Title className="sr-only">Find a machine, a session or a command</Dialog.Title>
          <PaletteContent onClose={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteContent({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { items, isSearching } = usePaletteItems(text);
  const remember = usePaletteMemory((memory) => memory.remember);
  const place = Math.min(at, Math.max(0, items.length - 1));

  function choose(item: PaletteItem, isAlso: boolean): void {
    if (item.remembered) remember(item.remembered);
    onClose();
    // Once the palette is gone: what comes may take the focus.
    const doing = isAlso && item.also ? item.also : item.run;
    setTimeout(doing);
  }
  function onKeyDown(event: KeyboardEvent): void {
    const chosen = items[place];
    const to = targetOf(event.key, place, items.length);
    if (to !== undefined) setAt(to);
    else if (event.key === 'Enter' && chosen) choose(chosen, event.shiftKey);
    else return;
    event.preventDefault();
  }
  return (
    <>
      <div className="relative shrink-0 border-b">
        <Search aria-hidden="true" className="absolute top-4 left-4 size-4 text-muted-foreground" />
        <input
          role="combobox"
          aria-label="Find a machine, a session or a command"
          aria-expanded="true"
          aria-controls={`${id}-items`}
          aria-autocomplete="list"
          {...(items.length > 0 ? { 'aria-activedescendant': `${id}-${place}` } : {})}
          placeholder="Machine, session or command…"
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className="h-12 w-full bg-transparent pr-11 pl-11 text-base outline-none placeholder:text-muted-foreground"
        />
        {isSearching && <Spinner className="absolute top-4 right-4 size-4 text-muted-foreground" />}
      </div>
      <Items id={id} items={items} place={place} onChoose={choose} />
      <p role="status" className="px-4 py-3 text-muted-foreground text-sm empty:hidden">
        {items.length === 0 ? (isSearching ? 'Looking…' : 'Nothing has this name.') : ''}
      </p>
      <footer
        aria-hidden="true"
        className="hidden shrink-0 gap-4 border-t px-4 py-2 text-muted-foreground text-xs sm:flex"
      >
        <span>↑ ↓ to choose</span>
        <span>Enter to connect or run</span>
        <span>Shift Enter for a machine's details</span>
      </footer>
    </>
  );
}

function Items(props: {
  id: string;
  items: readonly PaletteItem[];
  place: number;
  onChoose: (item: PaletteItem, isAlso: boolean) => void;
}) {
  const { id, items, place } = props;
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another line is to be seen
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [place, items.length]);
  return (
    <div
      ref={list}
      id={`${id}-items`}
      role="listbox"
      aria-label="What was found"
      className="min-h-0 overflow-y-auto p-1.5 empty:hidden"
    >
      {items.map((item, index) => {
        const Icon = item.icon;
        const begins = items[index - 1]?.group !== item.group;
        return (
          <div key={item.key} role="presentation">
            {begins && (
              <p role="presentation" className="px-3 pt-2 pb-1 font-medium text-muted-foreground text-xs">
                {item.group}
              </p>
            )}
            {/* biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus */}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys */}
            <div
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === place}
              onMouseDown={(event) => event.preventDefault()}
              onClick={(event) => props.onChoose(item, event.shiftKey)}
              className="flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-3 py-1.5 text-sm hover:bg-muted aria-selected:bg-accent aria-selected:text-accent-foreground"
            >
              <Icon aria-hidden="true" className="size-4 shrink-0 text-muted-foreground" />
              <bdi className="min-w-0 truncate font-medium">{item.label}</bdi>
              <span className="ml-auto max-w-[55%] shrink-0 truncate text-muted-foreground text-xs">
                <bdi>{item.hint}</bdi>
              </span>
            </div>
          </div>
        );
      })}
    </div>
  );
}

function targetOf(key: string, place: number, count: number): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return (place + 1) % count;
    case 'ArrowUp':
      return (place - 1 + count) % count;
    case 'PageDown':
      return Math.min(count - 1, place + 8);
    case 'PageUp':
      return Math.max(0, place - 8);
    default:
      return undefined;
  }
}

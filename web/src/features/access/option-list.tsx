import type { Option } from './use-suggestions.ts';

/** What a search field suggests; the field keeps the focus and takes the keys. */
export function OptionList(props: {
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

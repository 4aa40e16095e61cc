import { useId } from 'react';

/** One of several that exclude each other; put them into a fieldset with a legend. */
export function Choice(props: {
  /** The same for all of them: the arrow keys walk among these. */
  name: string;
  label: string;
  hint?: string;
  checked: boolean;
  onChoose: () => void;
}) {
  const hintId = useId();
  return (
    <label className="flex cursor-pointer items-start gap-3 text-sm">
      <input
        type="radio"
        name={props.name}
        className="mt-0.5 size-4 shrink-0 accent-primary"
        aria-describedby={props.hint ? hintId : undefined}
        checked={props.checked}
        onChange={props.onChoose}
      />
      <span>
        <span className="font-medium">{props.label}</span>
        {props.hint && (
          <span id={hintId} className="block text-muted-foreground">
            {props.hint}
          </span>
        )}
      </span>
    </label>
  );
}

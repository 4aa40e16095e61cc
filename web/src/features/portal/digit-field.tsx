import { SESSION_CODE_LENGTH } from '@guruconnect/shared';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import { cn } from '../../lib/class-names.ts';
import { type DigitEntry, enterText, eraseBack, moveFocus, pasteText } from './digit-entry.ts';

/** Six large boxes that behave as one field: they advance, step back, and take a paste whole. */
export function DigitField(props: {
  entry: DigitEntry;
  onChange: (entry: DigitEntry) => void;
  labelledBy: string;
  describedBy: string;
  invalid: boolean;
  disabled: boolean;
}) {
  const { entry, onChange } = props;
  const boxes = useRef<(HTMLInputElement | null)[]>([]);

  function change(next: DigitEntry): void {
    onChange(next);
    boxes.current[next.focus]?.focus();
    boxes.current[next.focus]?.select();
  }
  function onKeyDown(event: KeyboardEvent, index: number): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = event.key === 'Backspace' ? eraseBack(entry, index) : moveFocus(entry, index, event.key);
    if (!next) return;
    event.preventDefault();
    change(next);
  }
  function onPaste(event: ClipboardEvent, index: number): void {
    event.preventDefault();
    change(pasteText(entry, index, event.clipboardData.getData('text')));
  }
  usePasteAnywhere((text) => change(pasteText(entry, 0, text)), props.disabled);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row in every browser
    <div
      role="group"
      aria-labelledby={props.labelledBy}
      aria-describedby={props.describedBy}
      className="flex justify-center gap-1.5 sm:gap-2.5"
    >
      {entry.digits.map((digit, index) => (
        <input
          // biome-ignore lint/suspicious/noArrayIndexKey: a box is its position
          key={index}
          ref={(box) => {
            boxes.current[index] = box;
          }}
          value={digit}
          aria-label={`Digit ${index + 1} of ${SESSION_CODE_LENGTH}`}
          aria-invalid={props.invalid || undefined}
          disabled={props.disabled}
          inputMode="numeric"
          pattern="[0-9]*"
          autoComplete={index === 0 ? 'one-time-code' : 'off'}
          autoCorrect="off"
          spellCheck={false}
          onChange={(event) => change(enterText(entry, index, event.target.value))}
          onKeyDown={(event) => onKeyDown(event, index)}
          onPaste={(event) => onPaste(event, index)}
          onFocus={(event) => event.target.select()}
          className={cn(
            'h-15 w-full min-w-0 max-w-16 rounded-xl border-2 bg-background text-center font-semibold text-2xl text-foreground tabular-nums caret-primary sm:h-20 sm:text-4xl',
            'focus:border-ring focus:outline-2 focus:outline-ring/40 focus:outline-offset-1 disabled:opacity-60',
            index === 3 && 'ml-2.5 sm:ml-4',
            props.invalid ? 'border-danger' : digit === '' ? 'border-input/60' : 'border-primary/70',
          )}
        />
      ))}
    </div>
  );
}

/** A code pasted with the focus on nothing in particular is meant for the boxes, too. */
function usePasteAnywhere(onText: (text: string) => void, disabled: boolean): void {
  const latest = useRef(onText);
  useEffect(() => {
    latest.current = onText;
  });
  useEffect(() => {
    if (disabled) return;
    const listener = (event: globalThis.ClipboardEvent) => {
      const text = event.clipboardData?.getData('text') ?? '';
      if (event.target instanceof HTMLInputElement || !/[0-9]/.test(text)) return;
      latest.current(text);
    };
    document.addEventListener('paste', listener);
    return () => document.removeEventListener('paste', listener);
  }, [disabled]);
}

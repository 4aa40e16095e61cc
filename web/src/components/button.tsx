import type { ComponentProps } from 'react';
import { cn } from '../lib/class-names.ts';
import { type ButtonStyle, buttonStyles } from './button-styles.ts';
import { Spinner } from './spinner.tsx';

export type ButtonProps = ComponentProps<'button'> & ButtonStyle & { busy?: boolean | undefined };

/** A button; `busy` shows a spinner and takes no further click, but keeps the focus. */
export function Button({ tone, size, busy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={cn(buttonStyles({ tone, size }), className)}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

import type { ReactNode } from 'react';
import { cn } from '../lib/class-names.ts';

const TONES = {
  info: 'border-border bg-accent text-accent-foreground',
  warning: 'border-transparent bg-warning-soft text-warning-text',
  danger: 'border-transparent bg-danger-soft text-danger-text',
  success: 'border-transparent bg-success-soft text-success-text',
} as const;

/** A message inside the page. `announce` makes screen readers say it when it appears. */
export function Notice(props: {
  tone: keyof typeof TONES;
  announce?: boolean;
  action?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div
      role={props.announce ? (props.tone === 'danger' ? 'alert' : 'status') : undefined}
      className={cn(
        'flex flex-wrap items-center justify-between gap-3 rounded-lg border px-4 py-3 text-sm',
        TONES[props.tone],
        props.className,
      )}
    >
      <div className="min-w-0 flex-1">{props.children}</div>
      {props.action}
    </div>
  );
}

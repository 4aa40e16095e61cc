import type { ReactNode } from 'react';
import { LogoMark } from './logo.tsx';
import { Spinner } from './spinner.tsx';

/** A card in the middle of an otherwise empty page: something is going on, or it is over. */
export function WaitingCard(props: {
  title: string;
  busy?: boolean;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 bg-background p-4 text-foreground">
      <LogoMark />
      <section className="w-full max-w-md rounded-card border border-border bg-card p-6 text-card-foreground shadow-sm">
        <h1 role="status" className="flex items-center gap-3 font-semibold text-lg">
          {(props.busy ?? true) && <Spinner className="size-4 shrink-0" />}
          {props.title}
        </h1>
        {props.children && <div className="mt-2 text-muted-foreground text-sm">{props.children}</div>}
        {props.actions && <div className="mt-6 flex flex-wrap gap-2">{props.actions}</div>}
      </section>
    </main>
  );
}

import type { ComponentProps, ReactNode } from 'react';
import { cn } from '../lib/class-names.ts';

/** A surface. `as="article"` for one of many in a list: a labelled section would be a landmark each. */
export function Card({
  as: Element = 'section',
  className,
  ...rest
}: ComponentProps<'section'> & { as?: 'section' | 'article' }) {
  return (
    <Element
      {...rest}
      className={cn('rounded-card border border-border bg-card text-card-foreground shadow-xs', className)}
    />
  );
}

/** A card with a heading, a line of explanation and an action at its right. */
export function TitledCard(props: {
  title: string;
  description?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Card aria-label={props.title}>
      <header className="flex flex-wrap items-start justify-between gap-3 px-5 pt-5">
        <div className="min-w-0">
          <h2 className="font-semibold text-base">{props.title}</h2>
          {props.description && <p className="mt-1 text-muted-foreground text-sm">{props.description}</p>}
        </div>
        {props.action}
      </header>
      <div className="p-5">{props.children}</div>
    </Card>
  );
}

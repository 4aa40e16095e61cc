import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** What stands where a list would be: what will appear here, and how. */
export function EmptyState(props: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  const Icon = props.icon;
  return (
    <div className="grid justify-items-center gap-2 rounded-card border border-border border-dashed px-6 py-10 text-center">
      <span className="mb-1 grid size-11 place-items-center rounded-full bg-accent text-accent-foreground">
        <Icon aria-hidden="true" className="size-5" />
      </span>
      <h2 className="font-medium">{props.title}</h2>
      {props.children && <p className="max-w-sm text-muted-foreground text-sm">{props.children}</p>}
      {props.action && <div className="mt-2">{props.action}</div>}
    </div>
  );
}

import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { cn } from '../../lib/class-names.ts';

/** One group: its name, how many machines it has, and a link to them. */
export function GroupLink(props: {
  icon?: LucideIcon | undefined;
  title: string;
  /** What tells it from others of the same name. */
  detail?: string | undefined;
  count: number | undefined;
  to: string;
  isCurrent: boolean;
  /** What stands before the name in place of an icon. */
  before?: ReactNode;
  after?: ReactNode;
  isNested?: boolean;
}) {
  const Icon = props.icon;
  return (
    <div
      className={cn(
        'group/link flex items-center rounded-md text-sm',
        props.isCurrent
          ? 'bg-accent font-medium text-accent-foreground'
          : 'text-muted-foreground hover:bg-muted hover:text-foreground',
        props.isNested && 'ml-5',
      )}
    >
      {props.before}
      <Link
        to={props.to}
        aria-current={props.isCurrent ? 'page' : undefined}
        className="flex min-h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-2 py-1 -outline-offset-2"
      >
        {Icon && <Icon aria-hidden="true" className="size-3.5 shrink-0" />}
        <span className="line-clamp-2 min-w-0 flex-1 [overflow-wrap:anywhere]" title={props.title}>
          <bdi>{props.title}</bdi>
          {props.detail && <span className="text-muted-foreground text-xs"> · {props.detail}</span>}
        </span>
        {props.count !== undefined && (
          <span className="shrink-0 text-muted-foreground text-xs tabular-nums">
            {props.count.toLocaleString('en')}
            <span className="sr-only">{props.count === 1 ? ' machine' : ' machines'}</span>
          </span>
        )}
      </Link>
      {props.after}
    </div>
  );
}

import { cn } from '../lib/class-names.ts';

/** Grey rows in the shape of a list that is being loaded. */
export function SkeletonRows({ rows = 3, className }: { rows?: number; className?: string }) {
  return (
    <div role="status" className={cn('grid gap-3', className)}>
      <span className="sr-only">Loading…</span>
      {Array.from({ length: rows }, (_unused, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <div key={row} className="h-16 animate-pulse rounded-card bg-muted" />
      ))}
    </div>
  );
}

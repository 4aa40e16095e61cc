import type { AuditEntry } from '@guruconnect/shared';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { TitledCard } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { useApi } from '../../lib/api-context.ts';
import { formatDateTime } from '../../lib/format-time.ts';
import { useApiQuery } from '../../lib/use-api.ts';

const PAGE = 50;

/** Who did what, newest first. */
export function AuditTab() {
  const api = useApi();
  const audit = useInfiniteQuery({
    queryKey: ['listAudit'],
    queryFn: ({ pageParam }) =>
      api.call('listAudit', { query: { limit: PAGE, ...(pageParam ? { before: pageParam } : {}) } }),
    initialPageParam: 0,
    getNextPageParam: ({ entries }) => (entries.length === PAGE ? entries.at(-1)?.sequence : undefined),
    staleTime: 0,
  });
  const entries = audit.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <TitledCard
      title="Audit log"
      description="Each entry is chained to the one before by its hash."
      action={
        <Button size="small" busy={audit.isRefetching} onClick={() => void audit.refetch()}>
          Refresh
        </Button>
      }
    >
      {audit.error ? (
        <LoadFailure error={audit.error} onRetry={() => void audit.refetch()} />
      ) : audit.isPending ? (
        <SkeletonRows />
      ) : entries.length === 0 ? (
        <EmptyState icon={ScrollText} title="Nothing happened yet" />
      ) : (
        <EntryTable entries={entries} />
      )}
      {audit.hasNextPage && (
        <Button className="mt-4" busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          Show older entries
        </Button>
      )}
    </TitledCard>
  );
}

function EntryTable({ entries }: { entries: AuditEntry[] }) {
  const actorName = useActorNames();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label="Audit entries" tabIndex={0} className="overflow-x-auto">
      <table className="w-full min-w-[60rem] text-left text-sm">
        <thead className="text-muted-foreground">
          <tr className="border-b">
            <th className="py-2 pr-4 font-medium">When</th>
            <th className="py-2 pr-4 font-medium">Who</th>
            <th className="py-2 pr-4 font-medium">What</th>
            <th className="py-2 pr-4 font-medium">From</th>
            <th className="py-2 font-medium">Details</th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {entries.map((entry) => (
            <tr key={`${entry.stream}:${entry.sequence}`} className="align-top">
              <td className="whitespace-nowrap py-2 pr-4 tabular-nums">{formatDateTime(entry.at)}</td>
              <td className="whitespace-nowrap py-2 pr-4">{actorName(entry.actor)}</td>
              <td className="whitespace-nowrap py-2 pr-4 font-medium">{entry.action}</td>
              <td className="whitespace-nowrap py-2 pr-4 text-muted-foreground">{entry.address ?? ''}</td>
              <td className="break-all py-2 text-muted-foreground">{describeDetails(entry)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** `user:<id>` as the person's name, where the person is known. */
function useActorNames(): (actor: string) => string {
  const people = useApiQuery('listUsers');
  const names = new Map(people.data?.users.map((user) => [`user:${user.userId}`, user.name]));
  return (actor) => names.get(actor) ?? (actor.startsWith('agent:') ? 'agent' : actor);
}

function describeDetails(entry: AuditEntry): string {
  return Object.entries(entry.details)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { TitledCard } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { useApi } from '../../lib/api-context.ts';
import { AuditEntries } from './audit-entries.tsx';

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
        <AuditEntries entries={entries} />
      )}
      {audit.hasNextPage && (
        <Button className="mt-4" busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          Show older entries
        </Button>
      )}
    </TitledCard>
  );
}

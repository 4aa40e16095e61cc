import { Link } from 'react-router';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { cn } from '../../lib/class-names.ts';
import { formatAgo } from '../../lib/format-ago.ts';
import { formatDateTime } from '../../lib/format-time.ts';
import { useApiQuery } from '../../lib/use-api.ts';

/** The machines that came from an installer. */
export function InstallerMachines({ installerId }: { installerId: string }) {
  const machines = useApiQuery('installerMachines', { params: { installerId } });
  if (machines.error) return <LoadFailure error={machines.error} onRetry={() => void machines.refetch()} />;
  if (!machines.data) return <SkeletonRows rows={1} />;
  const { machines: shown, total } = machines.data;
  if (shown.length === 0) {
    return (
      <p className="text-muted-foreground text-sm">
        No machine came from it yet, or those that did were removed or are not yours to see.
      </p>
    );
  }
  return (
    <>
      <ul className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-2">
        {shown.map(({ machineId, name, enrolledAt, online }) => (
          <li key={machineId} className="flex min-w-0 items-center gap-2">
            <span
              aria-hidden="true"
              className={cn('size-2 shrink-0 rounded-full', online ? 'bg-success' : 'bg-input')}
            />
            <Link
              to={`/app/access/${machineId}`}
              className="min-w-0 truncate underline-offset-4 hover:underline"
            >
              <bdi>{name}</bdi>
              <span className="sr-only">, {online ? 'online' : 'offline'}</span>
            </Link>
            <span
              className="shrink-0 text-muted-foreground text-xs"
              title={`Enrolled ${formatDateTime(enrolledAt)}`}
            >
              {formatAgo(enrolledAt)}
            </span>
          </li>
        ))}
      </ul>
      {total > shown.length && (
        <p className="mt-2 text-muted-foreground text-sm">
          These are the newest {shown.length} of {total}.
        </p>
      )}
    </>
  );
}

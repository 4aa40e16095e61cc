import type { ApiReply } from '@guruconnect/shared';
import { RotateCw } from 'lucide-react';
import { Link } from 'react-router';
import { Button } from '../../components/button.tsx';
import { TitledCard } from '../../components/card.tsx';
import { formatTime } from '../../lib/format-time.ts';
import { useApiMutation } from '../../lib/use-api.ts';

type Report = ApiReply<'getUpdates'>['reports'][number];

const OUTCOMES: Record<Report['outcome'], string> = {
  updated: 'Updated',
  'rolled-back': 'Went back by itself',
  refused: 'Refused by the machine',
  failed: 'Failed',
};
/** The most that one wish may name. */
const MAX_AT_ONCE = 1000;

/** Machines on which the version did not stay, with the reason; they do not try again by themselves. */
export function UpdateFailures({ reports }: { reports: readonly Report[] }) {
  const failed = reports.filter(({ outcome }) => outcome !== 'updated');
  const retry = useApiMutation('retryUpdates', {
    refreshes: ['getUpdates'],
    said: 'They try again when their ring is open.',
  });
  const tryAgain = (machineIds: string[]) => retry.mutate({ body: { machineIds } });
  const machineIds = [...new Set(failed.map(({ machineId }) => machineId))].slice(0, MAX_AT_ONCE);
  if (failed.length === 0) {
    return (
      <TitledCard title="Failures">
        <p className="text-muted-foreground text-sm">No machine failed with this version.</p>
      </TitledCard>
    );
  }
  return (
    <TitledCard
      title="Failures"
      description="These machines run the version that they had before, and do not try again by themselves."
      action={
        machineIds.length > 1 && (
          <Button size="small" busy={retry.isPending} onClick={() => tryAgain(machineIds)}>
            {!retry.isPending && <RotateCw aria-hidden="true" />} Retry all
          </Button>
        )
      }
    >
      <ul className="divide-y">
        {failed.map((report) => (
          <li
            key={`${report.machineId}:${report.at}`}
            className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-3 text-sm first:pt-0 last:pb-0"
          >
            <div className="min-w-0 flex-1 basis-60">
              <Link
                to={`/app/access/${report.machineId}`}
                className="font-medium underline-offset-4 [overflow-wrap:anywhere] hover:underline"
              >
                <bdi>{report.name}</bdi>
              </Link>
              <p className="text-muted-foreground">
                {OUTCOMES[report.outcome]} · {report.fromVersion || 'unknown'} to {report.toVersion} ·{' '}
                {formatTime(report.at)}
              </p>
              {report.reason && <p className="mt-0.5 [overflow-wrap:anywhere]">{report.reason}</p>}
            </div>
            <Button
              size="small"
              aria-label={`Retry ${report.name}`}
              busy={retry.isPending}
              onClick={() => tryAgain([report.machineId])}
            >
              Retry
            </Button>
          </li>
        ))}
      </ul>
    </TitledCard>
  );
}

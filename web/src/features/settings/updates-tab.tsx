import type { ApiReply } from '@guruconnect/shared';
import { RotateCw } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '../../components/button.tsx';
import { TitledCard } from '../../components/card.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { Notice } from '../../components/notice.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { formatTime } from '../../lib/format-time.ts';
import { useApiMutation, useApiQuery } from '../../lib/use-api.ts';
import { RollOutForm } from './roll-out-form.tsx';
import { UpdateFailures } from './update-failures.tsx';

type Updates = ApiReply<'getUpdates'>;

/** A roll-out moves by itself: it is looked at anew this often. */
const REFRESH_MS = 15_000;

/** How new versions reach always-on agents, how far they are, and what failed (U5). */
export function UpdatesTab() {
  const updates = useApiQuery('getUpdates');
  const settings = useApiQuery('getSettings');
  const { refetch } = updates;
  useEffect(() => {
    const timer = setInterval(() => void refetch(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refetch]);
  const error = (updates.data ? null : updates.error) ?? settings.error;
  if (error) {
    return (
      <LoadFailure
        error={error}
        onRetry={() => {
          void refetch();
          void settings.refetch();
        }}
      />
    );
  }
  if (!updates.data || !settings.data) return <SkeletonRows />;
  return (
    <div className="grid grid-cols-1 gap-6">
      {updates.data.stopped && <Stopped stopped={updates.data.stopped} />}
      <Progress updates={updates.data} isPaused={settings.data.updatesPaused} />
      <UpdateFailures reports={updates.data.reports} />
      <RollOutForm stored={settings.data} />
    </div>
  );
}

function Stopped({ stopped }: { stopped: { at: number; reason: string } }) {
  const resume = useApiMutation('retryUpdates', {
    refreshes: ['getUpdates'],
    said: 'The roll-out goes on.',
  });
  return (
    <Notice
      tone="danger"
      action={
        <Button
          size="small"
          busy={resume.isPending}
          onClick={() => resume.mutate({ body: { machineIds: [] } })}
        >
          {!resume.isPending && <RotateCw aria-hidden="true" />} Go on
        </Button>
      }
    >
      <p className="font-medium">The roll-out stopped by itself</p>
      <p className="mt-1">{stopped.reason}</p>
      <p className="mt-1 text-xs">{formatTime(stopped.at)}</p>
    </Notice>
  );
}

function Progress({ updates, isPaused }: { updates: Updates; isPaused: boolean }) {
  const { version, versions, rings, inFlight } = updates;
  return (
    <TitledCard
      title={version === null ? 'Versions' : `Version ${version}`}
      description={
        version === null
          ? 'This server has no Windows programs yet, so there is nothing to roll out.'
          : isPaused
            ? 'Paused: no machine gets it now.'
            : inFlight
              ? `${inFlight} ${inFlight === 1 ? 'machine is' : 'machines are'} at it now.`
              : 'Machines with Windows get it ring after ring.'
      }
    >
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        {version !== null && (
          <section aria-label="Rings">
            <h3 className="mb-2 font-medium text-sm">Rings</h3>
            <ul className="grid gap-3">
              {rings.map((ring) => (
                <RingLine key={ring.name} ring={ring} />
              ))}
            </ul>
          </section>
        )}
        <section aria-label="Versions">
          <h3 className="mb-2 font-medium text-sm">What machines run</h3>
          <VersionTable versions={versions} newest={version} />
        </section>
      </div>
    </TitledCard>
  );
}

function RingLine({ ring }: { ring: Updates['rings'][number] }) {
  const { name, machines, updated, open, opensAt } = ring;
  const percent = machines === 0 ? 0 : Math.round((updated / machines) * 100);
  return (
    <li className="text-sm">
      <p className="flex flex-wrap justify-between gap-x-3">
        <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
        <span className="text-muted-foreground tabular-nums">
          {updated} of {machines}
        </span>
      </p>
      <div
        role="progressbar"
        aria-label={`${name}: machines with the version`}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        className="mt-1 h-2 overflow-hidden rounded-full bg-muted"
      >
        <div className="h-full rounded-full bg-primary" style={{ width: `${percent}%` }} />
      </div>
      {open === false && (
        <p className="mt-1 text-muted-foreground text-xs">
          {opensAt ? `Opens ${formatTime(opensAt)}.` : 'Waits for the ring before.'}
        </p>
      )}
    </li>
  );
}

function VersionTable({ versions, newest }: { versions: Updates['versions']; newest: string | null }) {
  if (versions.length === 0) {
    return <p className="text-muted-foreground text-sm">No machine has told its version yet.</p>;
  }
  return (
    <table className="w-full text-left text-sm">
      <thead className="text-muted-foreground">
        <tr className="border-b">
          <th className="py-1.5 pr-4 font-medium">Version</th>
          <th className="py-1.5 text-right font-medium">Machines</th>
        </tr>
      </thead>
      <tbody className="divide-y">
        {versions.map(({ version, machines }) => (
          <tr key={version}>
            <td className="py-1.5 pr-4">
              {version || 'unknown'}
              {version === newest && <span className="text-muted-foreground"> (newest)</span>}
            </td>
            <td className="py-1.5 text-right tabular-nums">{machines}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

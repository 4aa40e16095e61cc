import { ArrowUp, MonitorSmartphone, RefreshCw, SearchX } from 'lucide-react';
import { Link } from 'react-router';
import { Button } from '../../components/button.tsx';
import { buttonStyles } from '../../components/button-styles.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { mayBuild } from '../../lib/may-build.ts';
import { useActor } from '../../lib/me-context.ts';
import type { AccessView } from './access-address.ts';
import type { ListState, MachineList } from './machine-list.ts';
import type { ChangeView } from './use-access-view.ts';

/** What stands over the list: that it loads, that it failed, that there is more than it shows. */
export function ListNotices({ list, state }: { list: MachineList; state: ListState }) {
  if (state.status === 'loading') return <LoadingLines />;
  if (state.status === 'failed')
    return (
      <div className="p-4">
        <LoadFailure error={state.error} onRetry={() => list.refresh()} />
      </div>
    );
  return (
    <>
      {state.pageError !== undefined && (
        <div className="shrink-0 border-b p-3">
          <LoadFailure error={state.pageError} onRetry={() => list.retryPages()} />
        </div>
      )}
      <div role="status" className="pointer-events-none absolute inset-x-0 top-12 z-20 flex justify-center">
        {state.drift !== 0 && (
          <Button
            tone="primary"
            size="small"
            className="!rounded-full pointer-events-auto animate-appear shadow-lg"
            onClick={() => list.refresh()}
          >
            {state.drift > 0 ? <ArrowUp aria-hidden="true" /> : <RefreshCw aria-hidden="true" />}
            {driftText(state.drift)}
          </Button>
        )}
      </div>
    </>
  );
}

function driftText(drift: number): string {
  if (drift < 0) return 'The list has changed · Show it anew';
  return `${drift.toLocaleString('en')} new ${drift === 1 ? 'machine' : 'machines'} · Show`;
}

/** Nothing to list: because nothing matches, or because there is nothing yet. */
export function NoMachines({ view, onChange }: { view: AccessView; onChange: ChangeView }) {
  const isNarrowed = view.query !== '' || view.group !== 'all';
  return (
    <div className="m-auto w-full max-w-lg p-4">
      {isNarrowed ? (
        <EmptyState
          icon={SearchX}
          title={view.query ? 'No machine matches this search' : 'There is no machine in this group now'}
          action={
            <div className="flex flex-wrap justify-center gap-2">
              {view.query && view.group !== 'all' && (
                <Button onClick={() => onChange({ group: 'all' })}>Search in all machines</Button>
              )}
              <Button onClick={() => onChange({ query: '', group: 'all' })}>Show all machines</Button>
            </div>
          }
        >
          {view.query
            ? 'Fewer or shorter words find more. Machines appear here by themselves once they match.'
            : 'Machines appear here by themselves.'}
        </EmptyState>
      ) : (
        <NoMachinesYet />
      )}
    </div>
  );
}

function NoMachinesYet() {
  if (!mayBuild(useActor())) {
    return (
      <EmptyState icon={MonitorSmartphone} title="No machines yet">
        Machines of the companies that you reach appear here by themselves.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={MonitorSmartphone}
      title="No machines yet"
      action={
        <Link to="/app/build" className={buttonStyles({ tone: 'primary' })}>
          Make an installer
        </Link>
      }
    >
      Run an installer on a computer: it appears here within seconds and can be reached at any time.
    </EmptyState>
  );
}

const WIDTHS = ['w-1/3', 'w-2/5', 'w-1/4', 'w-1/2', 'w-1/3', 'w-2/5'];

function LoadingLines() {
  return (
    <div role="status" className="grid gap-px">
      <span className="sr-only">Loading the machines…</span>
      {WIDTHS.map((width, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <div key={line} className="flex h-11 items-center gap-4 border-b px-4">
          <span className="size-4 animate-pulse rounded-full bg-muted" />
          <span className={`h-3 animate-pulse rounded bg-muted ${width}`} />
        </div>
      ))}
    </div>
  );
}

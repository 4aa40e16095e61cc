import { GuruError, type MachineDetails } from '@guruconnect/shared';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import type { MachinePanelProps } from '../../lib/machine-panel-context.ts';
import { useNow } from '../../lib/use-now.ts';
import { FactList, PanelSection } from './fact-list.tsx';
import { factSections } from './machine-facts.ts';
import { MachineHeader } from './machine-header.tsx';
import { useMachine } from './use-machine.ts';

/** Ages are told to the minute. */
const TICK_MS = 15_000;

/**
 * Everything about one machine and what can be done with it (A6, A7), live. Fills its container on wide pages, covers
 * the page on phones. Lists reach it through `useMachinePanel`, since features stay apart.
 */
export function MachinePanel({ machineId, onClose }: MachinePanelProps) {
  const machine = useMachine(machineId);
  return (
    <aside
      aria-label="Machine details"
      className="fixed inset-0 z-40 flex min-h-0 flex-col overflow-hidden bg-card text-card-foreground lg:static lg:z-auto lg:h-full"
    >
      {machine.data ? (
        <PanelContent key={machineId} details={machine.data} onClose={onClose} />
      ) : (
        <Placeholder onClose={onClose}>
          {machine.error ? (
            <Failure error={machine.error} onRetry={() => void machine.refetch()} />
          ) : (
            <SkeletonRows rows={5} />
          )}
        </Placeholder>
      )}
    </aside>
  );
}

function PanelContent({ details, onClose }: { details: MachineDetails; onClose: () => void }) {
  const now = useNow(TICK_MS);
  return (
    <>
      <MachineHeader details={details} now={now} onClose={onClose} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        {factSections(details, now).map(({ title, facts }) => (
          <PanelSection key={title} title={title}>
            <FactList facts={facts} />
          </PanelSection>
        ))}
      </div>
    </>
  );
}

function Placeholder({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  return (
    <div className="grid gap-4 p-4 sm:p-5">
      <Button tone="ghost" size="icon" aria-label="Close" className="justify-self-end" onClick={onClose}>
        <X aria-hidden="true" />
      </Button>
      {children}
    </div>
  );
}

function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (error instanceof GuruError && error.code === 'not-found') {
    return <p className="text-center text-muted-foreground text-sm">{error.message}</p>;
  }
  return <LoadFailure error={error} onRetry={onRetry} />;
}

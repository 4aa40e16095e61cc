import { GuruError, type MachineDetails } from '@guruconnect/shared';
import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import type { MachinePanelProps } from '../../lib/machine-panel-context.ts';
import { useNow } from '../../lib/use-now.ts';
import { FactList, FactRow, PanelSection, Unknown } from './fact-list.tsx';
import { HistorySection } from './history-section.tsx';
import { LabelRow } from './label-row.tsx';
import { factSections } from './machine-facts.ts';
import { MachineHeader } from './machine-header.tsx';
import { MachineNotices } from './machine-notices.tsx';
import { NotesSection } from './notes-section.tsx';
import { PropertiesSection } from './properties-section.tsx';
import { ScreenPicture } from './screen-picture.tsx';
import { TagsRow } from './tags-row.tsx';
import { useMachine } from './use-machine.ts';

/** As the classes below have it. */
const BESIDE_THE_LIST = '(min-width: 64rem)';

/** Ages are told to the minute. */
const TICK_MS = 15_000;

/**
 * Everything about one machine and what can be done with it (A6, A7), live. Fills its container on wide pages, covers
 * the page on phones. Lists reach it through `useMachinePanel`, since features stay apart.
 */
export function MachinePanel({ machineId, onClose }: MachinePanelProps) {
  const machine = useMachine(machineId);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where it covers the page, whoever uses the keyboard is in it; beside a list, the list keeps the focus.
    if (!window.matchMedia(BESIDE_THE_LIST).matches) panel.current?.focus();
  }, []);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label="Machine details"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
      }}
      className="fixed inset-0 z-40 flex outline-none min-h-0 flex-col overflow-hidden bg-card text-card-foreground lg:static lg:z-auto lg:h-full"
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
  const { row } = details;
  const sections = factSections(details, now);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <MachineHeader details={details} now={now} onClose={onClose} />
      <MachineNotices details={details} now={now} />
      {sections.map(({ title, facts }) => (
        <PanelSection key={title} title={title}>
          <FactList facts={facts}>{title === 'Session' && <Labels details={details} />}</FactList>
          {title === 'Other' && <ScreenPicture details={details} now={now} />}
        </PanelSection>
      ))}
      <NotesSection details={details} />
      <PropertiesSection details={details} />
      <HistorySection machineId={row.machineId} openSessionId={row.sessionId} />
    </div>
  );
}

/** What people say of the machine, and may change. */
function Labels({ details }: { details: MachineDetails }) {
  const { company, site } = details.row;
  return (
    <>
      <LabelRow details={details} label="name" />
      <FactRow name="Company">
        <bdi className="[overflow-wrap:anywhere]">{company.name}</bdi>
      </FactRow>
      <FactRow name="Site">
        {site ? <bdi className="[overflow-wrap:anywhere]">{site.name}</bdi> : <Unknown />}
      </FactRow>
      <LabelRow details={details} label="department" />
      <LabelRow details={details} label="deviceType" />
      <TagsRow details={details} />
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

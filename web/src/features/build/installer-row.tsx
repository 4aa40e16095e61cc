import type { InstallerView } from '@guruconnect/shared';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { Badge } from '../../components/badge.tsx';
import { formatDateTime } from '../../lib/format-time.ts';
import type { Releases } from './delivery.ts';
import { InstallerMachines } from './installer-machines.tsx';
import { InstallerMenu } from './installer-menu.tsx';
import { givenLabels, STATUS, usesText, validityText } from './installer-status.ts';

/** One installer: what it gives, how much it was used and by which machines, how long it works, what can be had of it. */
export function InstallerRow(props: { installer: InstallerView; releases: Releases | undefined }) {
  const { installer, releases } = props;
  const { name, company, status, createdBy, createdAt } = installer;
  const [isOpen, setOpen] = useState(false);
  const machinesId = useId();
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <li className="p-4 text-sm">
      <div className="grid items-start gap-x-6 gap-y-3 lg:grid-cols-[minmax(0,1fr)_18rem_12.5rem]">
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-2 font-medium">
            <bdi className="min-w-0 [overflow-wrap:anywhere]">{name}</bdi>
            <Badge tone={STATUS[status].tone}>{STATUS[status].label}</Badge>
          </p>
          <p className="mt-0.5 text-muted-foreground [overflow-wrap:anywhere]">
            {[company.name, ...givenLabels(installer)].join(' · ')}
          </p>
        </div>
        <div className="text-muted-foreground">
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={machinesId}
            aria-label={`${usesText(installer)} from ${name}`}
            onClick={() => setOpen(!isOpen)}
            className="-ml-1.5 flex items-center gap-1.5 rounded-md px-1 py-0.5 text-foreground hover:bg-muted"
          >
            <Chevron aria-hidden="true" className="size-4 text-muted-foreground" />
            {usesText(installer)}
          </button>
          <p className="mt-0.5">{validityText(installer)}</p>
          <p className="mt-0.5">
            {createdBy ? `by ${createdBy.name}, ` : ''}
            {formatDateTime(createdAt)}
          </p>
        </div>
        <InstallerMenu installer={installer} releases={releases} />
      </div>
      <div id={machinesId} hidden={!isOpen} className="mt-3 rounded-lg bg-muted/50 p-3">
        {isOpen && <InstallerMachines installerId={installer.installerId} />}
      </div>
    </li>
  );
}

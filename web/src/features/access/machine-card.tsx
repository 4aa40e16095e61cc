import type { MachineRow } from '@guruconnect/shared';
import { MonitorUp } from 'lucide-react';
import { memo } from 'react';
import { buttonStyles } from '../../components/button-styles.ts';
import { cn } from '../../lib/class-names.ts';
import { useConnectLink } from '../../lib/connect-to.ts';
import { seenText } from './columns.tsx';
import { CheckCell, type LineProps, lineAttributes } from './machine-line.tsx';
import { StatusDot, StatusMarks } from './status-marks.tsx';

/** One machine on a phone. */
export const MachineCard = memo(function MachineCard(props: LineProps) {
  const { row, now, isSelected } = props;
  const attributes = lineAttributes(props);
  return (
    <div
      {...attributes}
      className={cn(attributes.className, 'grid h-[4.75rem] grid-cols-[3rem_minmax(0,1fr)] items-center')}
    >
      <CheckCell isSelected={isSelected} name={row?.name} />
      {row ? <CardCell row={row} now={now} /> : <SkeletonCell />}
    </div>
  );
});

function CardCell({ row, now }: { row: MachineRow; now: number }) {
  const link = useConnectLink({ machineId: row.machineId, name: row.name });
  const place = row.site ? `${row.company.name} › ${row.site.name}` : row.company.name;
  const seen = row.online || row.seenAt !== null ? seenText(row, now) : 'Never online';
  const facts = [seen, row.user, row.osName].filter(Boolean).join(' · ');
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div role="gridcell" className="flex min-w-0 items-center gap-3 pr-3">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-1.5">
          <StatusDot row={row} />
          <bdi className={cn('truncate font-medium', row.removedAt !== null && 'line-through')}>
            {row.name}
          </bdi>
          <StatusMarks row={row} />
        </p>
        <p className="truncate text-muted-foreground text-xs">
          <bdi>{place}</bdi>
        </p>
        <p className="truncate text-muted-foreground text-xs">
          <bdi>{facts}</bdi>
        </p>
      </div>
      {row.online && row.removedAt === null && (
        <a
          href={link.href}
          onClick={link.onClick}
          tabIndex={-1}
          aria-label={`Connect to ${row.name}`}
          className={buttonStyles({ tone: 'primary', size: 'square' })}
        >
          <MonitorUp aria-hidden="true" />
        </a>
      )}
    </div>
  );
}

function SkeletonCell() {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div role="gridcell" className="grid gap-2 pr-6">
      <span className="block h-3 w-2/5 rounded bg-muted" />
      <span className="block h-2.5 w-3/5 rounded bg-muted" />
      <span className="block h-2.5 w-1/2 rounded bg-muted" />
    </div>
  );
}

import type { MachineRow } from '@guruconnect/shared';
import { MonitorUp } from 'lucide-react';
import { memo } from 'react';
import { cn } from '../../lib/class-names.ts';
import { useConnectLink } from '../../lib/connect-to.ts';
import type { Column } from './columns.tsx';
import { StatusDot, StatusMarks } from './status-marks.tsx';

export interface LineProps {
  readonly id: string;
  /** undefined while it is loaded. */
  readonly row: MachineRow | undefined;
  readonly index: number;
  /** Distance from the top of the list in px. */
  readonly top: number;
  readonly isSelected: boolean;
  /** Where the keyboard is. */
  readonly isActive: boolean;
  /** Whether its panel is open. */
  readonly isOpen: boolean;
  readonly now: number;
}

/** What row and card have in common: place, colours, what a screen reader hears of it. */
export function lineAttributes({ id, row, index, top, isSelected, isActive, isOpen }: LineProps) {
  return {
    id,
    role: 'row',
    'data-index': index,
    'aria-rowindex': index + 2,
    'aria-selected': isSelected,
    ...(row ? {} : { 'aria-busy': true }),
    style: { transform: `translateY(${top}px)` },
    className: cn(
      'group/line absolute inset-x-0 top-0 cursor-default select-none border-b text-sm contain-strict',
      isSelected ? 'bg-accent text-accent-foreground' : isOpen ? 'bg-muted' : 'bg-card hover:bg-muted/60',
      isActive &&
        '-outline-offset-2 group-focus-visible/grid:outline-2 group-focus-visible/grid:outline-ring group-focus-visible/grid:outline-solid',
      row?.removedAt != null && 'opacity-60',
    ),
  };
}

/** One line of the table. Drawn anew only when what it shows changes. */
export const MachineLine = memo(function MachineLine(props: LineProps & { columns: readonly Column[] }) {
  const { row, columns, now, isSelected } = props;
  const attributes = lineAttributes(props);
  return (
    <div
      {...attributes}
      className={cn(attributes.className, 'grid h-11 items-center [grid-template-columns:var(--columns)]')}
    >
      <CheckCell isSelected={isSelected} name={row?.name} />
      {columns.map((column, place) =>
        column.key === 'name' ? (
          <NameCell key={column.key} row={row} />
        ) : (
          <Cell key={column.key} place={place} text={row && column.text(row, now)} />
        ),
      )}
    </div>
  );
});

export function CheckCell({ isSelected, name }: { isSelected: boolean; name: string | undefined }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus; Space chooses
    // biome-ignore lint/a11y/useSemanticElements: as above
    <span role="gridcell" data-check className="grid h-full place-items-center">
      {name !== undefined && (
        <input
          type="checkbox"
          tabIndex={-1}
          readOnly
          checked={isSelected}
          aria-label={`Choose ${name}`}
          className="pointer-events-none size-4 accent-primary"
        />
      )}
    </span>
  );
}

function NameCell({ row }: { row: MachineRow | undefined }) {
  if (!row) return <Cell place={0} text={undefined} />;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useSemanticElements: as above
    <span role="gridcell" className="flex h-full min-w-0 items-center gap-2 pr-2 pl-1">
      <StatusDot row={row} />
      <bdi title={row.name} className={cn('truncate font-medium', row.removedAt !== null && 'line-through')}>
        {row.name}
      </bdi>
      <StatusMarks row={row} />
      {row.removedAt === null && <QuickConnect row={row} />}
    </span>
  );
}

/** Appears under the pointer; the keyboard has Enter. */
function QuickConnect({ row }: { row: MachineRow }) {
  const link = useConnectLink({ machineId: row.machineId, name: row.name });
  if (!row.online) return null;
  return (
    <a
      href={link.href}
      onClick={link.onClick}
      tabIndex={-1}
      title="Connect"
      aria-label={`Connect to ${row.name}`}
      className="ml-auto grid size-7 shrink-0 place-items-center rounded-md bg-primary text-primary-foreground opacity-0 hover:bg-primary/90 group-hover/line:opacity-100"
    >
      <MonitorUp aria-hidden="true" className="size-4" />
    </a>
  );
}

const SKELETON_WIDTHS = ['w-3/5', 'w-4/5', 'w-2/5', 'w-1/2'];

function Cell({ text, place }: { text: string | undefined; place: number }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus
    // biome-ignore lint/a11y/useSemanticElements: as above
    <span role="gridcell" className="min-w-0 px-2">
      {text === undefined ? (
        <span className={cn('block h-3 rounded bg-muted', SKELETON_WIDTHS[place % SKELETON_WIDTHS.length])} />
      ) : (
        <bdi
          title={text}
          className="block truncate text-left text-muted-foreground group-aria-selected/line:text-inherit"
        >
          {text}
        </bdi>
      )}
    </span>
  );
}

import type { MachineSortKey } from '@guruconnect/shared';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, type RefObject, useRef } from 'react';
import { cn } from '../../lib/class-names.ts';
import { type ChosenColumn, clampWidth, MAX_WIDTH, MIN_WIDTH } from './columns.tsx';

export interface Order {
  readonly sort: MachineSortKey | null;
  readonly direction: 'up' | 'down';
}

const STEP_PX = 16;

const CHECK_WIDTH_PX = 44;

/** The grid's columns as CSS: the box to choose a row, then the columns, the rest of the width empty. */
export function gridVariables(columns: readonly ChosenColumn[]): { '--columns': string; '--width': string } {
  const widths = columns.map(({ width }) => `${width}px`);
  const sum = columns.reduce((total, { width }) => total + width, CHECK_WIDTH_PX);
  return { '--columns': `${CHECK_WIDTH_PX}px ${widths.join(' ')} minmax(0,1fr)`, '--width': `${sum}px` };
}

/** Titles that sort, with edges that are dragged, or moved with the arrow keys, to resize. */
export function GridHeader(props: {
  columns: readonly ChosenColumn[];
  order: Order;
  onOrder: (order: Order) => void;
  onResize: (key: string, width: number) => void;
  /** Holds the variables of the columns: while an edge is dragged only the browser lays out anew, nothing is drawn. */
  gridRef: RefObject<HTMLElement | null>;
  isAllSelected: boolean;
  isSomeSelected: boolean;
  onSelectAll: () => void;
}) {
  const { columns, order } = props;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons have the focus
    // biome-ignore lint/a11y/useSemanticElements: a virtual list is no table
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-10 grid h-10 min-w-full items-center border-b bg-sidebar [grid-template-columns:var(--columns)]"
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: its box has the focus */}
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <span role="columnheader" className="grid place-items-center">
        <input
          type="checkbox"
          aria-label="Choose all machines of the list"
          checked={props.isAllSelected}
          ref={(box) => {
            if (box) box.indeterminate = props.isSomeSelected && !props.isAllSelected;
          }}
          onChange={props.onSelectAll}
          className="size-4 accent-primary"
        />
      </span>
      {columns.map((column) => (
        <HeaderCell
          key={column.key}
          column={column}
          columns={columns}
          order={order}
          onOrder={props.onOrder}
          onResize={props.onResize}
          gridRef={props.gridRef}
        />
      ))}
    </div>
  );
}

function HeaderCell(props: {
  column: ChosenColumn;
  columns: readonly ChosenColumn[];
  order: Order;
  onOrder: (order: Order) => void;
  onResize: (key: string, width: number) => void;
  gridRef: RefObject<HTMLElement | null>;
}) {
  const { column, order } = props;
  const isSorted = column.sort !== undefined && order.sort === column.sort;
  const sorted = isSorted ? (order.direction === 'up' ? 'ascending' : 'descending') : 'none';
  const Arrow = order.direction === 'up' ? ArrowUp : ArrowDown;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: its button has the focus
    // biome-ignore lint/a11y/useSemanticElements: as above
    <div
      role="columnheader"
      {...(column.sort ? { 'aria-sort': sorted } : {})}
      className="relative flex h-full min-w-0 items-center text-muted-foreground text-xs"
    >
      {column.sort ? (
        <button
          type="button"
          onClick={() => props.onOrder(nextOrder(order, column))}
          className={cn(
            'flex h-full min-w-0 flex-1 items-center gap-1 px-2 text-left font-medium hover:text-foreground -outline-offset-2',
            isSorted && 'text-foreground',
          )}
        >
          <span className="truncate">{column.title}</span>
          {isSorted && <Arrow aria-hidden="true" className="size-3.5 shrink-0" />}
        </button>
      ) : (
        <span className="truncate px-2 font-medium">{column.title}</span>
      )}
      <ResizeEdge {...props} />
    </div>
  );
}

/** Up, then down, then as the server thinks best. */
function nextOrder(order: Order, column: ChosenColumn): Order {
  if (order.sort !== column.sort) return { sort: column.sort ?? null, direction: 'up' };
  return order.direction === 'up' ? { sort: order.sort, direction: 'down' } : { sort: null, direction: 'up' };
}

function ResizeEdge(props: {
  column: ChosenColumn;
  columns: readonly ChosenColumn[];
  onResize: (key: string, width: number) => void;
  gridRef: RefObject<HTMLElement | null>;
}) {
  const { column, columns, onResize, gridRef } = props;
  const drag = useRef<{ fromX: number; width: number }>(undefined);

  function preview(width: number): void {
    const shown = columns.map((one) => (one.key === column.key ? { ...one, width } : one));
    for (const [name, value] of Object.entries(gridVariables(shown)))
      gridRef.current?.style.setProperty(name, value);
  }
  function onPointerDown(event: PointerEvent<HTMLElement>): void {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { fromX: event.clientX, width: column.width };
  }
  function widthAt(event: PointerEvent): number {
    return drag.current ? clampWidth(column.width + event.clientX - drag.current.fromX) : column.width;
  }
  function onPointerMove(event: PointerEvent): void {
    if (drag.current) preview(widthAt(event));
  }
  function onPointerUp(event: PointerEvent): void {
    if (!drag.current) return;
    const width = widthAt(event);
    drag.current = undefined;
    if (width !== column.width) onResize(column.key, width);
  }
  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? STEP_PX : event.key === 'ArrowLeft' ? -STEP_PX : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    onResize(column.key, clampWidth(column.width + step));
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that is dragged and has a value is no <hr>
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${column.title}`}
      aria-valuenow={column.width}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        drag.current = undefined;
        preview(column.width);
      }}
      onKeyDown={onKeyDown}
      className="absolute inset-y-0 -right-1 z-10 w-2.5 cursor-col-resize touch-none after:absolute after:inset-y-2.5 after:left-1 after:w-px after:bg-border hover:after:w-0.5 hover:after:bg-ring"
    />
  );
}

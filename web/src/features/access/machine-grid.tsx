import type { MachineRow } from '@guruconnect/shared';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
} from 'react';
import { cn } from '../../lib/class-names.ts';
import { useNow } from '../../lib/use-now.ts';
import type { ChosenColumn } from './columns.tsx';
import { GridHeader, gridVariables, type Order } from './grid-header.tsx';
import { type GridIntent, intentOf } from './grid-keys.ts';
import { MachineCard } from './machine-card.tsx';
import { MachineLine } from './machine-line.tsx';
import type { ListState, MachineList } from './machine-list.ts';
import type { Selection } from './selection.ts';

const LINE_PX = 44;
const CARD_PX = 76;
const HEADER_PX = 40;
/** Rows drawn, loaded and watched beyond the edges of the screen. */
const OVERSCAN = 8;
const PREFETCH = 40;
const WATCH_SETTLES_MS = 150;
const AGES_CHANGE_MS = 30_000;

export interface MachineGridProps {
  readonly list: MachineList;
  readonly state: ListState;
  readonly columns: readonly ChosenColumn[];
  readonly isCards: boolean;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
  readonly onResize: (key: string, width: number) => void;
  readonly selection: Selection;
  /** The row that the keyboard is at. */
  readonly active: number | null;
  readonly openMachineId: string | null;
  readonly onIntent: (intent: GridIntent, row: MachineRow | undefined) => void;
  readonly onShow: (machineIds: readonly string[]) => void;
  readonly gridRef: RefObject<HTMLDivElement | null>;
  readonly className?: string;
}

/** The machines: only the rows on the screen are drawn, whatever the length of the list. */
export function MachineGrid(props: MachineGridProps) {
  const { state, columns, isCards, gridRef, selection, active } = props;
  const { rows } = state;
  const id = useId();
  const now = useNow(AGES_CHANGE_MS);
  const rowPx = isCards ? CARD_PX : LINE_PX;
  const headerPx = isCards ? 0 : HEADER_PX;
  const virtualizer = useVirtualizer({
    count: rows.total,
    getScrollElement: () => gridRef.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    scrollMargin: headerPx,
    scrollPaddingStart: headerPx,
    // A frame that comes late is worse than a row that comes a frame later, beyond the edge.
    useFlushSync: false,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useShownRows(props, first, last);
  useSteadyRows(props, rowPx);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows have another height now
  useLayoutEffect(() => virtualizer.measure(), [rowPx]);
  useEffect(() => {
    if (active !== null) virtualizer.scrollToIndex(active, { align: 'auto' });
  }, [active, virtualizer]);

  const pageRows = Math.max(1, Math.floor(((virtualizer.scrollRect?.height ?? 0) - headerPx) / rowPx) - 1);
  const tell = (intent: GridIntent | undefined) => {
    if (intent) props.onIntent(intent, 'index' in intent ? rows.rowAt(intent.index) : undefined);
    return intent !== undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    if (tell(intentOf(event, { active, total: rows.total, pageRows }))) event.preventDefault();
  };
  const onFocus = () => {
    const top = Math.floor((gridRef.current?.scrollTop ?? 0) / rowPx);
    if (active === null && rows.total > 0) tell({ kind: 'move', index: top, extend: false });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtual list is no table
    <div
      ref={gridRef}
      role="grid"
      aria-label="Machines"
      aria-rowcount={rows.total + 1}
      aria-multiselectable="true"
      aria-busy={state.isStale}
      {...(active === null ? {} : { 'aria-activedescendant': `${id}-${active}` })}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={(event) => event.target === event.currentTarget && onFocus()}
      style={gridVariables(columns) as CSSProperties}
      className={cn(
        'group/grid relative min-h-0 flex-1 overflow-auto bg-card [overflow-anchor:none] -outline-offset-2',
        state.isStale && 'opacity-70',
        props.className,
      )}
    >
      <div className={cn(!isCards && 'w-[var(--width)] min-w-full')}>
        {!isCards && (
          <GridHeader
            columns={columns}
            order={props.order}
            onOrder={props.onOrder}
            onResize={props.onResize}
            gridRef={gridRef}
            isAllSelected={rows.total > 0 && selection.ids.size >= rows.total}
            isSomeSelected={selection.ids.size > 0}
            onSelectAll={() => tell({ kind: 'select-all' })}
          />
        )}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid above takes the keys */}
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div
          role="rowgroup"
          className="relative"
          style={{ height: virtualizer.getTotalSize() }}
          onClick={(event) => tell(clickIntent(event))}
          onDoubleClick={(event) => tell(doubleClickIntent(event))}
        >
          {items.map(({ index, start }) => {
            const row = rows.rowAt(index);
            const line = {
              id: `${id}-${index}`,
              row,
              index,
              top: start - headerPx,
              isSelected: row !== undefined && selection.ids.has(row.machineId),
              isActive: index === active,
              isOpen: row !== undefined && row.machineId === props.openMachineId,
              now,
            };
            return isCards ? (
              <MachineCard key={index} {...line} />
            ) : (
              <MachineLine key={index} {...line} columns={columns} />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Loads what is on the screen and near it, and watches it, once the scrolling settles. */
function useShownRows(props: MachineGridProps, first: number, last: number): void {
  const { list, state, onShow } = props;
  const { rows, revision } = state;
  useEffect(() => list.need(first - PREFETCH, last + PREFETCH), [list, first, last]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same window holds other rows after a revision
  useEffect(() => {
    const timer = setTimeout(() => onShow(rows.idsBetween(first, last)), WATCH_SETTLES_MS);
    return () => clearTimeout(timer);
  }, [rows, revision, first, last, onShow]);
}

/** When rows move, what the person looks at stays where it is; a new list begins at its top. */
function useSteadyRows({ state, gridRef }: MachineGridProps, rowPx: number): void {
  const { rows, generation, wish } = state;
  const before = useRef({ rows, wish });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only where rows may have moved
  useLayoutEffect(() => {
    const grid = gridRef.current;
    const old = before.current;
    before.current = { rows, wish };
    if (!grid) return;
    if (old.wish !== wish) grid.scrollTop = 0;
    else if (grid.scrollTop > 0) {
      const top = Math.ceil(grid.scrollTop / rowPx);
      const topRow = old.rows.rowAt(top);
      const index = topRow && rows.indexOf(topRow.machineId);
      if (index !== undefined) grid.scrollTop += (index - top) * rowPx;
    }
  }, [generation]);
}

function clickIntent(event: MouseEvent<HTMLElement>): GridIntent | undefined {
  const { target } = event;
  if (!(target instanceof Element) || target.closest('a')) return undefined;
  const index = indexOf(target);
  if (index === undefined) return undefined;
  if (event.shiftKey) return { kind: 'select-range', index };
  const isToggle = event.ctrlKey || event.metaKey || target.closest('[data-check]') !== null;
  return isToggle ? { kind: 'toggle', index } : { kind: 'open', index };
}

function doubleClickIntent({ target }: MouseEvent<HTMLElement>): GridIntent | undefined {
  if (!(target instanceof Element) || target.closest('a, [data-check]')) return undefined;
  const index = indexOf(target);
  return index === undefined ? undefined : { kind: 'connect', index };
}

function indexOf(target: Element): number | undefined {
  const text = target.closest<HTMLElement>('[data-index]')?.dataset.index;
  return text === undefined ? undefined : Number(text);
}

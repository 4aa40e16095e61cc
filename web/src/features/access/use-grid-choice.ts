import type { MachineRow } from '@guruconnect/shared';
import { useCallback, useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { useConnectTo } from '../../lib/connect-to.ts';
import { describeError } from '../../lib/describe-error.ts';
import type { GridIntent } from './grid-keys.ts';
import type { ListState, MachineList } from './machine-list.ts';
import {
  add,
  MAX_SELECTED,
  NOTHING_SELECTED,
  rangeTo,
  type Selection,
  toggle,
  without,
} from './selection.ts';

interface Choice {
  readonly selection: Selection;
  readonly active: number | null;
  readonly onIntent: (intent: GridIntent, row: MachineRow | undefined) => void;
  readonly clear: () => void;
  readonly forget: (machineIds: readonly string[]) => void;
}

/** Which rows are chosen and where the keyboard is; carries out what keys and pointer ask for. */
export function useGridChoice(deps: {
  list: MachineList;
  state: ListState;
  openMachineId: string | null;
  onOpen: (machineId: string | null) => void;
}): Choice {
  const { list, state } = deps;
  const connectTo = useConnectTo();
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  const [active, setActive] = useActiveRow(state);
  const clear = useCallback(() => setSelection(NOTHING_SELECTED), []);
  const forget = useCallback((ids: readonly string[]) => setSelection((was) => without(was, ids)), []);
  const { group, query } = state.wish;
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another list are not to be changed unseen
  useEffect(clear, [group, query, clear]);

  function addBetween(base: Selection, first: number, last: number): void {
    list.idsBetween(first, last).then(
      (ids) => setSelection(add(base, ids)),
      (error: unknown) => toast.error(describeError(error)),
    );
  }
  function selectRange(index: number): void {
    setActive(index);
    const { first, last } = rangeTo(selection, index);
    addBetween({ ids: new Set(), anchor: selection.anchor ?? active ?? index }, first, last);
  }
  function selectAll(): void {
    const { total } = state.rows;
    if (selection.ids.size >= Math.min(total, MAX_SELECTED)) {
      clear();
      return;
    }
    if (total > MAX_SELECTED)
      toast.info(`The first ${MAX_SELECTED.toLocaleString('en')} are chosen: one change takes no more.`);
    addBetween(selection, 0, Math.min(total, MAX_SELECTED) - 1);
  }
  function move(index: number, extend: boolean): void {
    setActive(index);
    if (!extend) return;
    const anchor = selection.anchor ?? active ?? index;
    const { first, last } = rangeTo({ ...selection, anchor }, index);
    addBetween({ ids: new Set(), anchor }, first, last);
  }
  function onIntent(intent: GridIntent, row: MachineRow | undefined): void {
    if (intent.kind === 'select-all') selectAll();
    else if (intent.kind === 'escape') leave();
    else if (intent.kind === 'move') move(intent.index, intent.extend);
    else if (intent.kind === 'select-range') selectRange(intent.index);
    else if (row) onRow(intent, row);
    else setActive(intent.index);
  }
  function leave(): void {
    if (selection.ids.size > 0) clear();
    else deps.onOpen(null);
  }
  function onRow({ kind, index }: Extract<GridIntent, { index: number }>, row: MachineRow): void {
    setActive(index);
    if (kind === 'toggle') setSelection((was) => toggle(was, row.machineId, index));
    else if (kind === 'connect') {
      if (row.removedAt === null) connectTo({ machineId: row.machineId, name: row.name });
    } else if (kind === 'open') {
      // A range that Shift begins next starts here.
      setSelection((was) => ({ ...was, anchor: index }));
      deps.onOpen(row.machineId);
    }
  }
  const newest = useRef(onIntent);
  newest.current = onIntent;
  const stable = useCallback<Choice['onIntent']>((intent, row) => newest.current(intent, row), []);
  return { selection, active, onIntent: stable, clear, forget };
}

/** Where the keyboard is: stays on its machine when rows move, and begins anew with another list. */
function useActiveRow({ rows, generation, wish }: ListState) {
  const [active, setActive] = useState<number | null>(null);
  const at = useRef<{ id: string | undefined; wish: unknown }>({ id: undefined, wish });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only where rows may have moved
  useEffect(() => {
    const { id } = at.current;
    const isOther = at.current.wish !== wish;
    at.current.wish = wish;
    setActive((was) => {
      if (was === null || rows.total === 0) return null;
      const moved = id === undefined ? undefined : rows.indexOf(id);
      return moved ?? (isOther ? null : Math.min(was, rows.total - 1));
    });
  }, [generation]);
  const set = useCallback(
    (index: number) => {
      at.current.id = rows.rowAt(index)?.machineId;
      setActive(index);
    },
    [rows],
  );
  return [active, set] as const;
}

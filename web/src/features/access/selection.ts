/** Most machines that one change may name. */
export const MAX_SELECTED = 1_000;

/** The chosen rows. `anchor` is where a range begins: the row that was chosen last without Shift. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: number | null;
}

export const NOTHING_SELECTED: Selection = { ids: new Set(), anchor: null };

/** Chooses one more, or takes it back. */
export function toggle(selection: Selection, machineId: string, index: number): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(machineId) && ids.size < MAX_SELECTED) ids.add(machineId);
  return { ids, anchor: index };
}

/** Adds rows, as many as one change may name. */
export function add(selection: Selection, machineIds: Iterable<string>): Selection {
  const ids = new Set(selection.ids);
  for (const id of machineIds) if (ids.size < MAX_SELECTED) ids.add(id);
  return { ids, anchor: selection.anchor };
}

/** Without those that are gone; the same object when none of them was chosen. */
export function without(selection: Selection, machineIds: Iterable<string>): Selection {
  const ids = new Set(selection.ids);
  for (const id of machineIds) ids.delete(id);
  return ids.size === selection.ids.size ? selection : { ids, anchor: selection.anchor };
}

/** First and last row of the range from the anchor to a row, at most {@link MAX_SELECTED} long. */
export function rangeTo(selection: Selection, index: number): { first: number; last: number } {
  const anchor = selection.anchor ?? index;
  const clipped =
    index > anchor ? Math.min(index, anchor + MAX_SELECTED - 1) : Math.max(index, anchor - MAX_SELECTED + 1);
  return { first: Math.min(anchor, clipped), last: Math.max(anchor, clipped) };
}

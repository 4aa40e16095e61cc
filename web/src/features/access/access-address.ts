import { GroupKey, MAX_QUERY_LENGTH, MachineSortKey } from '@guruconnect/shared';
import { safeParse } from 'zod/mini';
import type { ListWish } from './machine-list.ts';

/** What of the Access tab is in its address: linked, kept in the history, restored by back and forward. */
export interface AccessView extends ListWish {
  /** The machine whose panel is open. */
  readonly machineId: string | null;
}

/** Reads what an address says; whatever it does not say, or says wrong, is as usual. */
export function readView(search: URLSearchParams, machineId: string | undefined): AccessView {
  const group = safeParse(GroupKey, search.get('group'));
  const sort = safeParse(MachineSortKey, search.get('sort'));
  return {
    group: group.success ? group.data : 'all',
    query: (search.get('q') ?? '').slice(0, MAX_QUERY_LENGTH),
    sort: sort.success ? sort.data : null,
    direction: search.get('dir') === 'down' ? 'down' : 'up',
    machineId: machineId ?? null,
  };
}

/** The address of a view, below `base`; the usual is left out. */
export function addressOf(base: string, view: AccessView): string {
  const search = new URLSearchParams();
  if (view.group !== 'all') search.set('group', view.group);
  if (view.query) search.set('q', view.query);
  if (view.sort) search.set('sort', view.sort);
  if (view.sort && view.direction === 'down') search.set('dir', 'down');
  const path = view.machineId ? `${base}/${view.machineId}` : base;
  return search.size > 0 ? `${path}?${search}` : path;
}

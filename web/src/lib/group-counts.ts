import type { GroupCount } from '@guruconnect/shared';
import type { ApiClient } from './api-client.ts';
import type { MachineFeed } from './machine-feed.ts';

export type CountsState =
  | { status: 'loading' }
  | { status: 'ready'; counts: ReadonlyMap<string, GroupCount> }
  | { status: 'failed'; error: unknown };

/** How many machines each group of the sidebar has, live. An object outside React. */
export interface GroupCounts {
  getState(): CountsState;
  subscribe(listener: () => void): () => void;
  /** Loads and follows them until the function that it returns is called. */
  start(): () => void;
  /** Loads them again: at the person's wish, or when a filter was pinned. */
  reload(): void;
}

export function createGroupCounts(deps: { api: ApiClient; feed: MachineFeed }): GroupCounts {
  const listeners = new Set<() => void>();
  let state: CountsState = { status: 'loading' };
  /** What was told while an answer was on its way is newer than that answer. */
  let told: GroupCount[] | undefined;
  let loads = 0;

  function setState(next: CountsState): void {
    state = next;
    for (const listener of [...listeners]) listener();
  }
  async function load(): Promise<void> {
    const mine = ++loads;
    told = [];
    try {
      const { counts } = await deps.api.call('countMachines');
      if (mine !== loads) return;
      const base = new Map(counts.map((one) => [one.key, one]));
      setState({ status: 'ready', counts: mergeCounts(base, told ?? []) });
      told = undefined;
    } catch (error) {
      // Counts that are shown already stay; the next reconnect brings them up to date.
      if (mine === loads && state.status !== 'ready') setState({ status: 'failed', error });
    }
  }

  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => {
      const watch = deps.feed.watch(
        {
          counts: (deltas) => {
            told?.push(...deltas);
            if (state.status === 'ready')
              setState({ status: 'ready', counts: mergeCounts(state.counts, deltas) });
          },
          reconnected: () => void load(),
        },
        { counts: true },
      );
      void load();
      return () => {
        loads += 1;
        watch.stop();
      };
    },
    reload: () => {
      if (state.status === 'failed') setState({ status: 'loading' });
      void load();
    },
  };
}

/** The counts with those that changed; a count of 0 takes its group away, except `all`. */
export function mergeCounts(
  base: ReadonlyMap<string, GroupCount>,
  deltas: readonly GroupCount[],
): ReadonlyMap<string, GroupCount> {
  const merged = new Map(base);
  for (const delta of deltas) {
    if (delta.count <= 0 && !KEPT_AT_ZERO.test(delta.key)) merged.delete(delta.key);
    else merged.set(delta.key, delta);
  }
  return merged;
}

/** Groups that do not come and go with their machines. */
const KEPT_AT_ZERO = /^(all$|smart:|filter:)/;

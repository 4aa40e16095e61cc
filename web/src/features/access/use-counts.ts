import { useSyncExternalStore } from 'react';
import type { CountsState, GroupCounts } from '../../lib/group-counts.ts';

export function useCounts(counts: GroupCounts): CountsState {
  return useSyncExternalStore(counts.subscribe, counts.getState);
}

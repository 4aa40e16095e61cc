import { useSyncExternalStore } from 'react';
import type { Viewer } from './create-viewer.ts';
import type { ViewerState } from './viewer-state.ts';

export function useViewerState(viewer: Viewer): ViewerState {
  return useSyncExternalStore(viewer.session.subscribe, viewer.session.getSnapshot);
}

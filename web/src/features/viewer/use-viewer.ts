import type { Capability } from '@guruconnect/shared';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useApi } from '../../lib/api-context.ts';
import { useConsole } from '../../lib/console-context.ts';
import { createViewer, type Viewer } from './create-viewer.ts';
import type { ViewerState } from './viewer-state.ts';

/** The viewer of one session for as long as the component is mounted. */
export function useViewer(sessionId: string, mode: Capability): Viewer | undefined {
  const connection = useConsole();
  const api = useApi();
  const firstMode = useRef(mode);
  const [viewer, setViewer] = useState<Viewer>();
  useEffect(() => {
    const made = createViewer({ sessionId, mode: firstMode.current, connection, api });
    setViewer(made);
    // A page that comes back from the browser's back-forward cache has lost its peer: start over.
    const onShow = (event: PageTransitionEvent) => event.persisted && window.location.reload();
    window.addEventListener('pageshow', onShow);
    return () => {
      window.removeEventListener('pageshow', onShow);
      made.close();
    };
  }, [sessionId, connection, api]);
  return viewer;
}

export function useViewerState(viewer: Viewer): ViewerState {
  return useSyncExternalStore(viewer.session.subscribe, viewer.session.getSnapshot);
}

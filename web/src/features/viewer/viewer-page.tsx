import type { Viewer } from './create-viewer.ts';
import { ViewerScreen } from './viewer-screen.tsx';

/** `/app/session/:sessionId?mode=control|view`: one remote session in a tab of its own (S5). */
export function ViewerPage({ viewer }: { viewer: Viewer }) {
  return <ViewerScreen viewer={viewer} onMode={keepInAddress} />;
}

/** A reload comes back the same way. */
function keepInAddress(mode: 'control' | 'view'): void {
  history.replaceState(history.state, '', mode === 'view' ? '?mode=view' : location.pathname);
}

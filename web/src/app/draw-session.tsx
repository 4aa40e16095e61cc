import { createRoot } from 'react-dom/client';
import type { Viewer } from '../features/viewer/create-viewer.ts';
import { ViewerPage } from '../features/viewer/viewer-page.tsx';

/** Draws a viewer that is at work already. */
export function drawSession(root: HTMLElement, viewer: Viewer): void {
  createRoot(root).render(<ViewerPage viewer={viewer} />);
}

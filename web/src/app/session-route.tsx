import { type MouseEvent, useEffect, useRef, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { createViewer } from '../features/viewer/create-viewer.ts';
import { ViewerPage } from '../features/viewer/viewer-page.tsx';
import { useApi } from '../lib/api-context.ts';
import { useConsole } from '../lib/console-context.ts';
import { paths } from './paths.ts';
import { useWarmViewers } from './warm-viewers-context.ts';

const STAYING = [paths.support, paths.access, '/connect/'];

/** A session inside the dashboard's tab. Going back leaves it as closing its own page does. */
export function SessionRoute() {
  const { sessionId = '' } = useParams();
  return <OpenedSession key={sessionId} sessionId={sessionId} />;
}

function OpenedSession({ sessionId }: { sessionId: string }) {
  const viewers = useWarmViewers();
  const connection = useConsole();
  const api = useApi();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const [viewer] = useState(() => {
    const mode = search.get('mode') === 'view' ? 'view' : 'control';
    return viewers.viewerFor(sessionId, () => createViewer({ sessionId, mode, connection, api }));
  });
  const closing = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const title = document.title;
    viewers.own(viewer);
    // In development every effect runs twice: only an end that lasts is one.
    clearTimeout(closing.current);
    return () => {
      document.title = title;
      closing.current = setTimeout(() => viewer.close());
    };
  }, [viewers, viewer]);
  /** The viewer's links to the lists need not load the dashboard anew. */
  const stayInTab = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const href = link?.getAttribute('href') ?? '';
    if (!STAYING.some((base) => href.startsWith(base)) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    void navigate(href);
  };
  return (
    // biome-ignore lint/a11y: the links inside are what is pressed, by whatever means
    <div onClick={stayInTab}>
      <ViewerPage viewer={viewer} />
    </div>
  );
}

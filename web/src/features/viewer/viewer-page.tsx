import { useParams, useSearchParams } from 'react-router';
import { useViewer } from './use-viewer.ts';
import { ViewerScreen } from './viewer-screen.tsx';
import { WaitingCard } from './waiting-card.tsx';

/** `/app/session/:sessionId?mode=control|view`: one remote session in a tab of its own (S5). */
export function ViewerPage() {
  const { sessionId = '' } = useParams();
  return <SessionViewer key={sessionId} sessionId={sessionId} />;
}

function SessionViewer({ sessionId }: { sessionId: string }) {
  const [search, setSearch] = useSearchParams();
  const mode = search.get('mode') === 'view' ? 'view' : 'control';
  const viewer = useViewer(sessionId, mode);
  if (!viewer) return <WaitingCard title="Opening the session…" />;
  return (
    <ViewerScreen
      viewer={viewer}
      // In the address, so that a reload comes back the same way.
      onMode={(next) => setSearch(next === 'view' ? { mode: 'view' } : {}, { replace: true })}
    />
  );
}

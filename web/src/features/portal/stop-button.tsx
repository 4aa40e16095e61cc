import { OctagonX } from 'lucide-react';
import { Button } from '../../components/button.tsx';

/** Ends everything at once; no question asked first. */
export function StopButton({ busy, onStop }: { busy: boolean; onStop: () => void }) {
  return (
    <Button tone="danger" size="large" busy={busy} onClick={onStop} className="w-full">
      {!busy && <OctagonX aria-hidden="true" />}
      {busy ? 'Stopping…' : 'Stop the session'}
    </Button>
  );
}

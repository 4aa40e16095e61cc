import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useConsoleState } from '../lib/console-context.ts';

/** A short break is nobody's business; a longer one is. */
const PATIENCE_MS = 1500;

export function ConnectionBanner() {
  const isDown = useConsoleState().status === 'offline';
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(isDown), isDown ? PATIENCE_MS : 0);
    return () => clearTimeout(timer);
  }, [isDown]);
  return (
    <div role="status">
      {isShown && (
        <p className="flex items-center justify-center gap-2 bg-warning-soft px-4 py-2 text-sm text-warning-text">
          <WifiOff aria-hidden="true" className="size-4" />
          The server cannot be reached. What you see may be out of date; reconnecting…
        </p>
      )}
    </div>
  );
}

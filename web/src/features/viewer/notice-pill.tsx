import { CloudOff } from 'lucide-react';
import { useEffect } from 'react';

const SHOWN_MS = 5_000;

/** A short message that goes away by itself. */
export function NoticePill(props: { notice: { id: number; text: string } | undefined; onDone: () => void }) {
  const { notice, onDone } = props;
  const id = notice?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the time starts anew with each message, not with each drawing
  useEffect(() => {
    if (id === undefined) return undefined;
    const timer = setTimeout(onDone, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id]);
  return (
    <div
      role="status"
      className="pointer-events-none absolute inset-x-0 bottom-6 z-20 flex justify-center px-4"
    >
      {notice && (
        <p className="animate-appear rounded-full border border-border bg-card px-4 py-2 text-card-foreground text-sm shadow-lg">
          {notice.text}
        </p>
      )}
    </div>
  );
}

/** Discreet: the picture and control go on without the server. */
export function ServerPill() {
  return (
    <p
      role="status"
      className="pointer-events-none absolute bottom-2 left-2 z-20 flex items-center gap-2 rounded-full bg-warning-soft px-3 py-1 text-warning-text text-xs"
    >
      <CloudOff aria-hidden="true" className="size-3.5" />
      Server unreachable; the connection to the computer goes on
    </p>
  );
}

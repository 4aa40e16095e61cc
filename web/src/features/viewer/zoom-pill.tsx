import { ZoomOut } from 'lucide-react';

/** How far the picture is zoomed in, and the way out. */
export function ZoomPill(props: { factor: number; onReset: () => void }) {
  return (
    <div className="pointer-events-none sticky bottom-0 left-0 z-10 h-0 w-full">
      <button
        type="button"
        onClick={props.onReset}
        // The focus stays on the stage, else a phone's keyboard closes.
        onMouseDown={(event) => event.preventDefault()}
        className="pointer-events-auto absolute right-3 bottom-3 flex h-10 items-center gap-2 rounded-full border border-border bg-card px-4 text-card-foreground text-sm tabular-nums shadow-lg"
      >
        <ZoomOut aria-hidden="true" className="size-4" />
        <span className="sr-only">Reset the zoom of</span>
        {Math.round(props.factor * 100)} %
      </button>
    </div>
  );
}

import { useSyncExternalStore } from 'react';
import type { StreamMonitor, StreamQuality } from '../../lib/rtc/stream-monitor.ts';
import { type Figure, lastingFigures, liveFigures, shortFigures } from './quality-figures.ts';
import { StageBar } from './stage-bar.tsx';
import type { ViewerState } from './viewer-state.ts';

/** The figures over a corner of the picture; clicks go through to the picture. Nothing is read out as it changes. */
export function StatisticsOverlay(props: { monitor: StreamMonitor; state: ViewerState }) {
  const quality = useQuality(props.monitor);
  return (
    <section
      aria-label="Statistics"
      className="pointer-events-none absolute bottom-10 left-2 z-20 w-84 max-w-[calc(100vw-1rem)] rounded-lg bg-black/80 p-3 text-white text-xs shadow-lg max-sm:top-22 max-sm:bottom-auto max-sm:w-auto max-sm:px-2.5 max-sm:py-1.5"
    >
      {quality ? (
        <>
          <p className="tabular-nums sm:hidden">{shortFigures(quality)}</p>
          <div className="grid gap-2 max-sm:hidden">
            <Figures figures={liveFigures(quality)} />
            {quality.stages && <StageBar stages={quality.stages} />}
            <Figures figures={lastingFigures(quality, props.state)} />
          </div>
        </>
      ) : (
        <p>No connection to the computer right now.</p>
      )}
    </section>
  );
}

/** The same in a popover; a component of its own, so that the numbers are only followed while they are shown. */
export function StatisticsTable(props: { monitor: StreamMonitor; state: ViewerState }) {
  const quality = useQuality(props.monitor);
  if (!quality) return <p>No connection to the computer right now.</p>;
  return (
    <div className="grid gap-3">
      <Figures figures={liveFigures(quality)} dim />
      {quality.stages && <StageBar stages={quality.stages} />}
      <Figures figures={lastingFigures(quality, props.state)} dim />
    </div>
  );
}

function useQuality(monitor: StreamMonitor): StreamQuality | undefined {
  return useSyncExternalStore(monitor.subscribe, monitor.getSnapshot);
}

function Figures({ figures, dim = false }: { figures: readonly Figure[]; dim?: boolean }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      {figures.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className={dim ? 'text-muted-foreground' : 'text-white/80'}>{name}</dt>
          <dd className="text-right tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

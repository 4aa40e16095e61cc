import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { LogoMark } from '../../components/logo.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { cn } from '../../lib/class-names.ts';
import { CodeEntry } from './code-entry.tsx';
import type { PortalFlow } from './portal-flow.ts';
import { RefusedCard } from './refused-card.tsx';

// Sockets are loaded once there is a session to be in.
const SeatedSide = lazy(async () => ({ default: (await import('./seated-side.tsx')).SeatedSide }));

/** The end user's page: the code field first, then the panel of their session in the same tab. */
export function PortalApp({ flow, linkCode }: { flow: PortalFlow; linkCode: string | undefined }) {
  const { config, current } = useSyncExternalStore(flow.subscribe, flow.getState);
  useEffect(() => {
    void flow.loadConfig();
  }, [flow]);
  const companyName = config?.companyName ?? 'Remote support';
  const column = cn('mx-auto w-full px-4', current.step === 'seated' ? 'max-w-2xl' : 'max-w-xl');

  return (
    <div className="flex min-h-dvh flex-col bg-background">
      <header className={cn(column, 'flex items-center gap-3 pt-6 sm:pt-12')}>
        <LogoMark />
        <p className="truncate font-semibold text-lg">{companyName}</p>
      </header>
      <main className={cn(column, 'flex-1 py-6 sm:py-8')}>
        {current.step === 'seated' ? (
          <Suspense fallback={<Loading />}>
            <SeatedSide key={current.seat.token} seat={current.seat} flow={flow} config={config} />
          </Suspense>
        ) : current.step === 'refused' ? (
          <RefusedCard onAgain={() => flow.startAgain()} />
        ) : (
          <CodeEntry flow={flow} config={config} current={current} linkCode={linkCode} />
        )}
      </main>
      <footer className={cn(column, 'pb-6 text-muted-foreground text-xs')}>
        Only share a code or your screen with someone you contacted yourself. You can stop at any time.
      </footer>
    </div>
  );
}

function Loading() {
  return (
    <p role="status" className="flex items-center justify-center gap-3 py-16 text-muted-foreground">
      <Spinner /> Connecting…
    </p>
  );
}

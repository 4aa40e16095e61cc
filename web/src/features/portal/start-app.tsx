import { formatSessionCode, type PortalConfig } from '@guruconnect/shared';
import { lazy, type ReactNode, Suspense } from 'react';
import { Card } from '../../components/card.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { StartLinux } from './start-linux.tsx';
import { visitorOf } from './visitor.ts';

// Its pictures are only for Windows.
const StartWindows = lazy(async () => ({ default: (await import('./start-windows.tsx')).StartWindows }));

export interface StartAppProps {
  readonly code: string;
  /** It ran, and its connection is gone. */
  readonly isLost: boolean;
  /** undefined until the server has said. */
  readonly config: PortalConfig | undefined;
}

/** How to run the app that shows the screen (P3): a download on Windows, one line on Linux. */
export function StartApp({ code, isLost, config }: StartAppProps) {
  const { system, browser } = visitorOf(navigator.userAgent);
  if (system === 'linux') {
    return (
      <StartCard isLost={isLost}>
        <StartLinux code={code} />
      </StartCard>
    );
  }
  if (system === 'windows' && config?.windows !== null) {
    return (
      <StartCard isLost={isLost}>
        <Suspense fallback={<Waiting />}>
          {config?.windows ? (
            <StartWindows code={code} isLost={isLost} browser={browser} program={config.windows} />
          ) : (
            <Waiting />
          )}
        </Suspense>
      </StartCard>
    );
  }
  return (
    <Card aria-label="Start the app" className="p-5 sm:p-6">
      <h2 className="font-semibold">{NOT_THERE[system].title}</h2>
      <p className="mt-1 text-muted-foreground text-sm">
        {NOT_THERE[system].text} The code is{' '}
        <strong className="text-foreground tabular-nums">{formatSessionCode(code)}</strong>.
      </p>
    </Card>
  );
}

const OTHER_COMPUTER =
  'Open this page on the computer that needs help, one with Windows or Linux, and enter the code there.';

/** Said plainly instead of a button that leads nowhere. */
const NOT_THERE = {
  windows: {
    title: 'This server has no Windows app yet',
    text: 'Tell your technician: whoever runs the server has to build it first.',
  },
  'old-windows': {
    title: 'The app needs 64-bit Windows 10 or newer',
    text: 'It does not run on this version of Windows. Tell your technician.',
  },
  macos: { title: 'There is no app for macOS yet', text: `This computer cannot be shown. ${OTHER_COMPUTER}` },
  phone: { title: 'This device cannot be shown', text: OTHER_COMPUTER },
  other: { title: 'There is no app for this computer yet', text: OTHER_COMPUTER },
  linux: { title: '', text: '' },
} as const;

function StartCard({ isLost, children }: { isLost: boolean; children: ReactNode }) {
  return (
    <Card aria-label="Start the app" className="p-5 sm:p-6">
      <h2 className="font-semibold">
        {isLost ? 'The app on this computer is not connected' : 'Run the GuruConnect app on this computer'}
      </h2>
      {isLost && (
        <p className="mt-1 text-muted-foreground text-sm">
          It comes back by itself when the network does. If it was closed, run it again.
        </p>
      )}
      {children}
    </Card>
  );
}

function Waiting() {
  return (
    <p role="status" className="mt-3 flex items-center gap-3 text-muted-foreground text-sm">
      <Spinner /> One moment…
    </p>
  );
}

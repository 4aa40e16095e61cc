import { formatSessionCode, type PortalConfig } from '@guruconnect/shared';
import { Download } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from '../../components/button.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { formatBytes } from '../../lib/format-bytes.ts';
import { createAppLaunch } from './app-launch.ts';
import { DownloadArrow } from './download-arrow.tsx';
import { openAddress } from './open-address.ts';
import { saveFile } from './save-file.ts';
import { StartSteps } from './start-steps.tsx';
import type { VisitorBrowser } from './visitor.ts';

/** So long the arrow over the page points at the browser's own button. */
const ARROW_MS = 20_000;

interface Props {
  readonly code: string;
  readonly isLost: boolean;
  readonly browser: VisitorBrowser;
  readonly program: NonNullable<PortalConfig['windows']>;
}

/** Opens the installed app, or downloads the one-time one and shows what to do with it. Gone once the agent is there. */
export function StartWindows({ code, isLost, browser, program }: Props) {
  const [launch] = useState(() =>
    createAppLaunch({
      code,
      isAutomatic: !isLost,
      openAddress,
      save: saveFile,
      after: (delayMs, deed) => {
        const timer = setTimeout(deed, delayMs);
        return () => clearTimeout(timer);
      },
      memory: sessionStorage,
    }),
  );
  const { step } = useSyncExternalStore(launch.subscribe, launch.getState);
  useEffect(() => launch.begin(), [launch]);
  const size = formatBytes(program.bytes);
  if (step === 'opening') {
    return (
      <p role="status" className="mt-3 flex items-center gap-3 text-muted-foreground text-sm">
        <Spinner /> Looking for the app on this computer. If it is not there, its download begins in a moment…
      </p>
    );
  }
  return (
    <>
      <p role="status" className="mt-1 text-muted-foreground text-sm">
        {step === 'downloaded'
          ? `GuruConnect-${code}.exe (${size}) is being downloaded. Nothing is installed, and no administrator is needed.`
          : `Download it (${size}) and open it. Nothing is installed, and no administrator is needed.`}
      </p>
      {step === 'downloaded' && <PointingArrow browser={browser} />}
      <StartSteps code={code} browser={browser} isUnsigned={program.unsigned} />
      <div className="mt-5 flex flex-wrap items-center gap-3">
        <Button tone={step === 'downloaded' ? 'secondary' : 'primary'} onClick={launch.download}>
          <Download aria-hidden="true" /> {step === 'downloaded' ? 'Download again' : `Download (${size})`}
        </Button>
      </div>
      <NotStarting code={code} />
    </>
  );
}

/** Points at the browser's button for a while; a new download points again. */
function PointingArrow({ browser }: { browser: VisitorBrowser }) {
  const [isShown, setShown] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setShown(false), ARROW_MS);
    return () => clearTimeout(timer);
  }, []);
  return isShown ? <DownloadArrow browser={browser} /> : null;
}

function NotStarting({ code }: { code: string }) {
  return (
    <details className="mt-4 border-t pt-4 text-sm">
      <summary className="rounded font-medium">It does not start</summary>
      <ul className="mt-2 grid list-disc gap-1.5 pl-5 text-muted-foreground">
        <li>Press Ctrl + J: your browser then lists its downloads. Open the newest one there.</li>
        <li>It is kept in the folder Downloads as GuruConnect-{code}.exe. Double-click it there.</li>
        <li>
          If it asks for a code, type{' '}
          <strong className="whitespace-nowrap text-foreground tabular-nums">
            <span aria-hidden="true">{formatSessionCode(code)}</span>
            <span className="sr-only">{code.split('').join(' ')}</span>
          </strong>
          .
        </li>
        <li>
          If your company blocks downloaded programs, tell your technician: they can install it for you.
        </li>
      </ul>
    </details>
  );
}

import { formatSessionCode } from '@guruconnect/shared';
import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';

/** How to run the app that shows the screen: one line on Linux, its code elsewhere. */
export function StartApp({ code, isLost }: { code: string; isLost: boolean }) {
  const isLinux = /Linux|X11/.test(navigator.userAgent) && !/Android|CrOS/.test(navigator.userAgent);
  const command = `curl -fsSL ${location.origin}/download/linux/${code}.sh | sh`;
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
      {isLinux ? (
        <>
          <p className="mt-1 text-muted-foreground text-sm">
            Open a terminal, paste this line and press Enter. Nothing is installed; closing the terminal ends
            it.
          </p>
          <div className="mt-3 flex flex-wrap items-center gap-2">
            <code className="min-w-0 flex-1 select-all break-all rounded-lg bg-muted px-3 py-2.5 font-mono text-sm">
              {command}
            </code>
            <CopyButton text={command}>Copy</CopyButton>
          </div>
        </>
      ) : (
        <p className="mt-1 text-muted-foreground text-sm">
          When it asks for a code, enter{' '}
          <strong className="text-foreground tabular-nums">{formatSessionCode(code)}</strong>.
        </p>
      )}
    </Card>
  );
}

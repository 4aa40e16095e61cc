import { FileWarning, PackageX, ShieldAlert } from 'lucide-react';
import { Notice } from '../../components/notice.tsx';
import type { Releases } from './delivery.ts';

/** What whoever hands out programs of this deployment must know (B4): unsigned, or not to be made. */
export function DeliveryNotices({ releases, isAdmin }: { releases: Releases; isAdmin: boolean }) {
  const { windows } = releases;
  return (
    <div className="grid gap-3 empty:hidden">
      {!windows && (
        <Notice tone="info">
          <p className="flex items-center gap-2 font-medium">
            <PackageX aria-hidden="true" className="size-4 shrink-0" /> No Windows programs here yet
          </p>
          <p className="mt-1">
            {isAdmin ? (
              <>
                They are built once by whoever runs the server: <code>npm run build:windows</code>. Until
                then, installers enrol Linux machines only.
              </>
            ) : (
              'Ask an administrator. Until then, installers enrol Linux machines only.'
            )}
          </p>
        </Notice>
      )}
      {windows && windows.signedBy === null && (
        <Notice tone="warning">
          <p className="flex items-center gap-2 font-medium">
            <ShieldAlert aria-hidden="true" className="size-4 shrink-0" /> The Windows programs are not signed
          </p>
          <p className="mt-1">
            Whoever downloads one and opens it sees “Windows protected your PC” from SmartScreen, with an
            unknown publisher, and has to choose “More info”, then “Run anyway”. Roll-outs by MSI are not
            asked.
            {isAdmin && ' A code-signing certificate in the server’s configuration ends that.'}
          </p>
        </Notice>
      )}
      {isAdmin && windows?.signingProblem && (
        <Notice tone="danger">
          <p className="flex items-center gap-2 font-medium">
            <FileWarning aria-hidden="true" className="size-4 shrink-0" /> Signing does not work
          </p>
          <p className="mt-1 [overflow-wrap:anywhere]">{windows.signingProblem}</p>
        </Notice>
      )}
      {isAdmin && windows?.msiProblem && (
        <Notice tone="warning">
          <p className="flex items-center gap-2 font-medium">
            <PackageX aria-hidden="true" className="size-4 shrink-0" /> MSI packages cannot be made
          </p>
          <p className="mt-1 [overflow-wrap:anywhere]">{windows.msiProblem}</p>
        </Notice>
      )}
    </div>
  );
}

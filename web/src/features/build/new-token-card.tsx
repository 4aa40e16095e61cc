import type { InstallerView } from '@guruconnect/shared';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { installerLines } from './installer-lines.ts';

export interface NewToken {
  readonly installer: InstallerView;
  readonly token: string;
}

/** The token of an installer that was just made. The server keeps only its hash: it is shown this once. */
export function NewTokenCard({ made, onDone }: { made: NewToken; onDone: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { installer, token } = made;
  const { install, enrol } = installerLines(location.origin, token);
  return (
    <Card aria-label="New installer" className="relative animate-appear border-primary p-5">
      <h2 ref={heading} tabIndex={-1} className="pr-10 font-semibold text-base outline-none">
        {installer.name} is ready
      </h2>
      <p className="mt-1 text-muted-foreground text-sm">
        Its token is shown only now. Keep the command, or make another installer later.
      </p>
      <CommandLine label="Install and enrol a Linux machine (needs Node.js 20 there)" text={install} />
      <CommandLine label="Enrol one that has the agent already" text={enrol} />
      <CommandLine label="The token alone" text={token} />
      <Button
        tone="ghost"
        size="icon"
        aria-label="Hide the token"
        className="absolute top-3 right-3"
        onClick={onDone}
      >
        <X aria-hidden="true" />
      </Button>
    </Card>
  );
}

function CommandLine({ label, text }: { label: string; text: string }) {
  return (
    <div className="mt-4">
      <p className="mb-1.5 font-medium text-sm">{label}</p>
      <div className="flex flex-wrap items-center gap-2 sm:flex-nowrap">
        <code
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="min-w-0 flex-1 basis-full overflow-x-auto whitespace-nowrap rounded-lg bg-muted px-3 py-2.5 font-mono text-xs sm:basis-0"
        >
          {text}
        </code>
        <CopyButton text={text} aria-label={`Copy: ${label}`}>
          Copy
        </CopyButton>
      </div>
    </div>
  );
}

import type { InstallerView } from '@guruconnect/shared';
import { Download, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { CommandLine } from './command-line.tsx';
import { type Platform, type Releases, whyNot } from './delivery.ts';
import { type InstallerLines, installerLines } from './installer-lines.ts';
import { useDeeds } from './use-deeds.ts';

export interface MadeInstaller {
  readonly installer: InstallerView;
  readonly token: string;
  readonly platform: Platform;
}

/** An installer that was just made, with what was wanted of it at hand. */
export function MadeCard(props: { made: MadeInstaller; releases: Releases | undefined; onDone: () => void }) {
  const { made, releases } = props;
  const { installer, token, platform } = made;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const lines = installerLines(location.origin, token);
  return (
    <Card aria-label="New installer" className="relative animate-appear border-primary p-5">
      <h2 ref={heading} tabIndex={-1} className="pr-10 font-semibold text-base outline-none">
        {installer.name} is ready
      </h2>
      <p className="mt-1 text-muted-foreground text-sm">
        Everything here enrols machines into {installer.company.name}. It can be had again from the list
        below, until the installer is revoked.
      </p>
      <div className="mt-4 grid grid-cols-1 gap-4">
        <ForPlatform made={made} lines={lines} releases={releases} />
        {platform === 'linux' && (
          <CommandLine label="Enrol one that has the agent already" text={lines.enrol} />
        )}
        <CommandLine label="The token alone" text={token} />
      </div>
      <Button
        tone="ghost"
        size="icon"
        aria-label="Hide the token"
        className="absolute top-3 right-3"
        onClick={props.onDone}
      >
        <X aria-hidden="true" />
      </Button>
    </Card>
  );
}

function ForPlatform(props: { made: MadeInstaller; lines: InstallerLines; releases: Releases | undefined }) {
  const { made, lines, releases } = props;
  const { installer, token, platform } = made;
  const { isBusy, download } = useDeeds(installer.installerId, token);
  const { kind, label, title, line, refusal } = {
    'windows-exe': {
      kind: 'exe' as const,
      label: 'Download EXE',
      title: 'Address to download it from',
      line: lines.urls.exe,
      refusal: whyNot('exe', releases),
    },
    'windows-msi': {
      kind: 'msi' as const,
      label: 'Download MSI',
      title: 'Install it without a question',
      line: lines.silent,
      refusal: whyNot('msi', releases),
    },
    linux: {
      kind: 'deb' as const,
      label: 'Download .deb',
      title: 'Install and enrol a Linux machine',
      line: lines.linux,
      refusal: whyNot('linux', releases),
    },
  }[platform];
  if (refusal) return <p className="text-sm text-warning-text">{refusal}</p>;
  return (
    <>
      <div>
        <Button tone="primary" busy={isBusy} onClick={() => download(kind)}>
          {!isBusy && <Download aria-hidden="true" />} {label}
        </Button>
        {platform === 'windows-exe' && (
          <p className="mt-2 text-muted-foreground text-sm">
            Keep its name: it carries the token of the installer.
          </p>
        )}
      </div>
      <CommandLine label={title} text={line} />
    </>
  );
}

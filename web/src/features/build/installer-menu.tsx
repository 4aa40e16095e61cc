import type { InstallerView } from '@guruconnect/shared';
import { Ban, Copy, Download, Mail, SquareTerminal } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../../components/menu.tsx';
import { type Releases, whyNot } from './delivery.ts';
import type { InstallerLines } from './installer-lines.ts';
import { LinesDialog } from './lines-dialog.tsx';
import { MailDialog } from './mail-dialog.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import { useDeeds } from './use-deeds.ts';

/** Everything that an installer is good for (B2, B3). One that does not work any more only tells of itself. */
export function InstallerMenu({
  installer,
  releases,
}: {
  installer: InstallerView;
  releases: Releases | undefined;
}) {
  const { isBusy, download, copy, withLines } = useDeeds(installer.installerId);
  const [dialog, setDialog] = useState<'mail' | 'revoke' | InstallerLines>();
  const close = () => setDialog(undefined);
  const no = {
    exe: whyNot('exe', releases),
    msi: whyNot('msi', releases),
    linux: whyNot('linux', releases),
    mail: whyNot('mail', releases),
  };
  const isActive = installer.status === 'active';
  return (
    <div className="flex flex-wrap items-start gap-2 lg:justify-end">
      {isActive && (
        <Menu
          trigger={
            <Button size="small" busy={isBusy} aria-label={`Get ${installer.name}`}>
              {!isBusy && <Download aria-hidden="true" />} Get
            </Button>
          }
        >
          <Item icon={Download} refusal={no.exe} onSelect={() => download('exe')}>
            Download EXE
          </Item>
          <Item icon={Download} refusal={no.msi} onSelect={() => download('msi')}>
            Download MSI
          </Item>
          <Item icon={Download} refusal={no.msi} onSelect={() => download('mst')}>
            Download MST for an MSI
          </Item>
          <Item icon={Download} refusal={no.linux} onSelect={() => download('deb')}>
            Download .deb
          </Item>
          <MenuSeparator />
          <Item icon={Copy} refusal={no.exe} onSelect={() => copy(({ urls }) => urls.exe, 'Address copied.')}>
            Copy URL
          </Item>
          <Item icon={Copy} refusal={no.msi} onSelect={() => copy(({ silent }) => silent, 'Command copied.')}>
            Copy silent command
          </Item>
          <Item icon={Copy} refusal={no.linux} onSelect={() => copy(({ linux }) => linux, 'Line copied.')}>
            Copy Linux line
          </Item>
          <Item icon={SquareTerminal} onSelect={() => withLines(setDialog)}>
            Addresses and command lines…
          </Item>
          <MenuSeparator />
          <Item icon={Mail} refusal={no.mail} onSelect={() => setDialog('mail')}>
            Send link by e-mail…
          </Item>
          <Reasons reasons={Object.values(no)} />
        </Menu>
      )}
      {installer.status !== 'revoked' && (
        <Button
          tone="dangerGhost"
          size="small"
          aria-label={`Revoke ${installer.name}`}
          onClick={() => setDialog('revoke')}
        >
          <Ban aria-hidden="true" /> Revoke
        </Button>
      )}
      {dialog === 'mail' && <MailDialog installer={installer} releases={releases} onClose={close} />}
      <RevokeDialog installer={installer} open={dialog === 'revoke'} onClose={close} />
      {typeof dialog === 'object' && <LinesDialog installer={installer} lines={dialog} onClose={close} />}
    </div>
  );
}

function Item(props: {
  icon: typeof Download;
  refusal?: string | undefined;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <MenuItem icon={props.icon} disabled={props.refusal !== undefined} onSelect={props.onSelect}>
      {props.children}
    </MenuItem>
  );
}

/** Why items are grey, once each. */
function Reasons({ reasons }: { reasons: readonly (string | undefined)[] }) {
  const said = [...new Set(reasons.filter((reason) => reason !== undefined))];
  if (said.length === 0) return null;
  return (
    <>
      <MenuSeparator />
      {said.map((reason) => (
        <MenuLabel key={reason}>
          <span className="block max-w-64 text-muted-foreground text-xs">{reason}</span>
        </MenuLabel>
      ))}
    </>
  );
}

import type { InstallerView } from '@guruconnect/shared';
import { Dialog } from '../../components/dialog.tsx';
import { CommandLine } from './command-line.tsx';
import { type InstallerLines, MSI_PROPERTIES } from './installer-lines.ts';

/** Every address and command line of an installer, for roll-outs of all kinds. */
export function LinesDialog(props: { installer: InstallerView; lines: InstallerLines; onClose: () => void }) {
  const { installer, lines } = props;
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title="Addresses and command lines"
      description={`Whoever has one of these can enrol machines with ${installer.name}.`}
    >
      <div className="grid grid-cols-1 gap-4">
        <CommandLine label="Silent, with the downloaded MSI" text={lines.silent} />
        <CommandLine label="Silent, straight from this server" text={lines.silentFromServer} />
        <CommandLine
          label="Silent, with another installer’s MSI and this one’s MST"
          text={lines.silentWithTransform}
        />
        <div className="text-sm">
          <p className="text-muted-foreground">
            Properties at the end of a line go before what the installer gives:
          </p>
          <ul className="mt-1.5 grid gap-1 text-muted-foreground sm:grid-cols-2">
            {MSI_PROPERTIES.map(({ name, meaning }) => (
              <li key={name}>
                <code className="font-mono text-foreground text-xs">{name}="…"</code> {meaning}
              </li>
            ))}
          </ul>
        </div>
        <CommandLine label="Install and enrol a Linux machine" text={lines.linux} />
        <CommandLine label="Enrol a Linux machine that has the agent already" text={lines.enrol} />
        <CommandLine label="Address of the EXE" text={lines.urls.exe} />
        <CommandLine label="Address of the MSI" text={lines.urls.msi} />
        <CommandLine label="Address of the .deb package" text={lines.urls.deb} />
      </div>
    </Dialog>
  );
}

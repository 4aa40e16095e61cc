import type { MachineCommandKind, MachineDetails } from '@guruconnect/shared';
import { RotateCw, ShieldCheck, TriangleAlert, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../../components/menu.tsx';
import { COMMANDS, SAFE_MODES } from './command-words.ts';
import { RestartDialog } from './restart-dialog.tsx';

/** Restarts a machine: in order, at once, or into Safe Mode where it is Windows (U6, U7). */
export function RestartMenu({ details }: { details: MachineDetails }) {
  const { row } = details;
  const [kind, setKind] = useState<MachineCommandKind>();
  // Another one would be refused until this one is answered, taken back or too old.
  const isBusy = Boolean(details.command);
  return (
    <>
      <Menu
        trigger={
          <Button size="small">
            <RotateCw aria-hidden="true" /> Restart
          </Button>
        }
      >
        {isBusy && (
          <>
            <MenuLabel>
              <span className="block max-w-56 text-muted-foreground text-xs">
                One command is on its way; the next can follow when it is answered or taken back.
              </span>
            </MenuLabel>
            <MenuSeparator />
          </>
        )}
        <MenuItem icon={RotateCw} disabled={isBusy} onSelect={() => setKind('normal')}>
          {COMMANDS.normal.choice}
        </MenuItem>
        {row.osFamily === 'windows' && (
          <>
            <MenuSeparator />
            {SAFE_MODES.map((mode) => (
              <MenuItem
                key={mode}
                icon={mode === 'return-to-normal' ? Undo2 : ShieldCheck}
                disabled={isBusy}
                onSelect={() => setKind(mode)}
              >
                {COMMANDS[mode].choice}
              </MenuItem>
            ))}
          </>
        )}
        <MenuSeparator />
        <MenuItem icon={TriangleAlert} tone="danger" disabled={isBusy} onSelect={() => setKind('emergency')}>
          {COMMANDS.emergency.choice}
        </MenuItem>
      </Menu>
      {kind && <RestartDialog kind={kind} details={details} onClose={() => setKind(undefined)} />}
    </>
  );
}

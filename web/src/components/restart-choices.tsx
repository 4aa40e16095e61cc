import type { MachineCommandKind, OsFamily } from '@guruconnect/shared';
import { RotateCw, ShieldCheck, TriangleAlert, Undo2 } from 'lucide-react';
import { COMMANDS, SAFE_MODES } from '../lib/command-words.ts';
import { MenuItem, MenuLabel, MenuSeparator } from './menu.tsx';

/** What a menu offers to restart a machine: in order, into Safe Mode where it is Windows, at once (U6, U7). */
export function RestartChoices(props: {
  osFamily: OsFamily;
  /** A command is not answered yet: another one would be refused. */
  isBusy: boolean;
  onChoose: (kind: MachineCommandKind) => void;
}) {
  const { isBusy, onChoose } = props;
  return (
    <>
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
      <MenuItem icon={RotateCw} disabled={isBusy} onSelect={() => onChoose('normal')}>
        {COMMANDS.normal.choice}
      </MenuItem>
      {props.osFamily === 'windows' && (
        <>
          <MenuSeparator />
          {SAFE_MODES.map((mode) => (
            <MenuItem
              key={mode}
              icon={mode === 'return-to-normal' ? Undo2 : ShieldCheck}
              disabled={isBusy}
              onSelect={() => onChoose(mode)}
            >
              {COMMANDS[mode].choice}
            </MenuItem>
          ))}
        </>
      )}
      <MenuSeparator />
      <MenuItem icon={TriangleAlert} tone="danger" disabled={isBusy} onSelect={() => onChoose('emergency')}>
        {COMMANDS.emergency.choice}
      </MenuItem>
    </>
  );
}

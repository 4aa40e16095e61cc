import { type MachineDetails, printMachineQuery } from '@guruconnect/shared';
import {
  Flag,
  FlagOff,
  FolderInput,
  Link as LinkIcon,
  RotateCcw,
  Search,
  Trash2,
  Wrench,
} from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../components/menu.tsx';
import { connectPath } from '../../lib/connect-to.ts';
import { copyText } from '../../lib/copy-text.ts';
import { FlagDialog } from './flag-dialog.tsx';
import { MoveDialog } from './move-dialog.tsx';
import { useMoveMachine } from './use-change-machines.ts';
import { useFlagMachine } from './use-flag-machine.ts';

/** Everything that is done with a machine more seldom (A7). */
export function MachineTools({ details, onGone }: { details: MachineDetails; onGone: () => void }) {
  const { row, rights } = details;
  const [dialog, setDialog] = useState<'flag' | 'move' | 'remove'>();
  const { setFlag } = useFlagMachine(row.machineId);
  const { isPending, move } = useMoveMachine(row.machineId);
  const close = () => setDialog(undefined);
  return (
    <>
      <Menu
        trigger={
          <Button size="small">
            <Wrench aria-hidden="true" /> Tools
          </Button>
        }
      >
        <MenuItem icon={LinkIcon} onSelect={() => void copy(linkTo(row.machineId), 'Link copied.')}>
          Copy link that connects
        </MenuItem>
        <MenuItem icon={Search} onSelect={() => void copy(queryFor(details), 'Query copied.')}>
          Copy query that finds it
        </MenuItem>
        {(rights.edit || rights.move || rights.remove) && <MenuSeparator />}
        {rights.edit && (
          <MenuItem icon={Flag} onSelect={() => setDialog('flag')}>
            {row.attention ? 'Change the flag’s note…' : 'Flag for attention…'}
          </MenuItem>
        )}
        {rights.edit && row.attention && (
          <MenuItem icon={FlagOff} onSelect={() => setFlag(null, row.attention?.note ?? '')}>
            Take the flag off
          </MenuItem>
        )}
        {rights.move && (
          <MenuItem icon={FolderInput} onSelect={() => setDialog('move')}>
            Move to another site or company…
          </MenuItem>
        )}
        {rights.remove && row.removedAt !== null && (
          <MenuItem
            icon={RotateCcw}
            onSelect={() => move({ kind: 'restore' }, undefined, `${row.name} is back.`)}
          >
            Bring back
          </MenuItem>
        )}
        {rights.remove && row.removedAt === null && (
          <MenuItem icon={Trash2} tone="danger" onSelect={() => setDialog('remove')}>
            Remove…
          </MenuItem>
        )}
      </Menu>
      {dialog === 'flag' && <FlagDialog details={details} onClose={close} />}
      {dialog === 'move' && <MoveDialog details={details} onClose={close} />}
      <ConfirmDialog
        open={dialog === 'remove'}
        onOpenChange={(open) => setDialog(open ? 'remove' : undefined)}
        title={`Remove ${row.name}?`}
        confirmLabel="Remove the machine"
        busy={isPending}
        onConfirm={() =>
          move({ kind: 'remove' }, { kind: 'restore' }, `${row.name} was removed.`, () => {
            close();
            onGone();
          })
        }
      >
        An open session on it ends, and its agent is turned away. It can be brought back: it is still found
        with is:removed.
      </ConfirmDialog>
    </>
  );
}

function linkTo(machineId: string): string {
  return `${location.origin}${connectPath(machineId)}`;
}

/** A query in the language of the search field that finds this machine, by what is least likely to change. */
function queryFor({ row, inventory }: MachineDetails): string {
  const serial = inventory?.serial;
  const [field, value] = serial ? (['serial', serial] as const) : (['host', row.hostname] as const);
  return printMachineQuery({ terms: [{ kind: 'text', field, values: [value], not: false }] });
}

async function copy(text: string, said: string): Promise<void> {
  if (await copyText(text)) toast.success(said, { description: text });
  else toast.error('Copying was not possible in this browser.');
}

import type { MachineCommandKind, MachineDetails } from '@guruconnect/shared';
import { RotateCw } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { Menu } from '../../components/menu.tsx';
import { RestartChoices } from '../../components/restart-choices.tsx';
import { RestartDialog } from '../../components/restart-dialog.tsx';
import type { MachineRestart } from './machine-restart.ts';
import { ToolbarButton } from './toolbar-button.tsx';

/** Restarts the machine of an unattended session, for those who may. */
export function RestartControl({ machineId, restart }: { machineId: string; restart: MachineRestart }) {
  const [details, setDetails] = useState<MachineDetails>();
  const [kind, setKind] = useState<MachineCommandKind>();
  const load = useCallback(() => {
    restart.target(machineId).then(setDetails, () => {
      // Not to be had now: what was known before is offered, and the server decides anyway.
    });
  }, [restart, machineId]);
  useEffect(load, [load]);
  if (!details?.rights.command) return null;
  const { name, online, osFamily } = details.row;
  return (
    <>
      <Menu
        align="end"
        trigger={<ToolbarButton icon={RotateCw} label="Restart the machine" />}
        onOpenChange={(isOpen) => isOpen && load()}
      >
        <RestartChoices osFamily={osFamily} isBusy={Boolean(details.command)} onChoose={setKind} />
      </Menu>
      {kind && (
        <RestartDialog
          kind={kind}
          name={name}
          isOnline={online}
          command={(body) => restart.begin(machineId, body)}
          onClose={() => setKind(undefined)}
        />
      )}
    </>
  );
}

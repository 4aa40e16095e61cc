import type { MachineCommandKind, MachineDetails } from '@guruconnect/shared';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { RestartChoices } from '../../components/restart-choices.tsx';
import { RestartDialog } from '../../components/restart-dialog.tsx';
import { useApiMutation } from '../../lib/use-api.ts';

/** Restarts a machine from its panel. */
export function RestartMenu({ details }: { details: MachineDetails }) {
  const { machineId, name, online, osFamily } = details.row;
  const [kind, setKind] = useState<MachineCommandKind>();
  const command = useApiMutation('commandMachine', {
    refreshes: ['listCommands', 'getMachine'],
    showsError: true,
  });
  return (
    <>
      <Menu
        trigger={
          <Button size="small">
            <RotateCw aria-hidden="true" /> Restart
          </Button>
        }
      >
        <RestartChoices osFamily={osFamily} isBusy={Boolean(details.command)} onChoose={setKind} />
      </Menu>
      {kind && (
        <RestartDialog
          kind={kind}
          name={name}
          isOnline={online}
          command={(body) => command.mutateAsync({ params: { machineId }, body })}
          onClose={() => setKind(undefined)}
        />
      )}
    </>
  );
}

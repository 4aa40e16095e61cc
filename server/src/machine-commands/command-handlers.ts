import { GuruError } from '@guruconnect/shared';
import type { MachineCommandsDeps, MachineCommandsFeature } from '../core/delivery-features.ts';
import type { CommandDesk } from './command-desk.ts';
import { isForWindowsOnly } from './command-store.ts';
import { noSuchCommand, requireCommandRight, requireShown } from './command-target.ts';

/** What technicians ask of machines. */
export function createCommandHandlers(
  deps: MachineCommandsDeps,
  desk: CommandDesk,
): MachineCommandsFeature['handlers'] {
  return {
    commandMachine: async ({ params, body, login, address }) => {
      const target = await requireShown(deps, login.actor, params.machineId);
      requireCommandRight(login.actor, target);
      const { machine } = target;
      if (machine.isRemoved) throw GuruError.conflict('This machine is removed. Bring it back first.');
      if (isForWindowsOnly(body.kind) && machine.info.os !== 'windows') {
        throw GuruError.conflict('This machine does not run Windows, which alone has Safe Mode.');
      }
      if (body.kind === 'emergency' && !isSameName(body.confirm, machine.name)) {
        throw GuruError.invalid(
          'An emergency restart loses what is not saved. Type the name of the machine.',
        );
      }
      const command = await desk.issue(machine, body.kind, login, address);
      if (!command) throw GuruError.conflict('The machine has not answered the command before.');
      return command;
    },
    listCommands: async ({ params, login }) => {
      await requireShown(deps, login.actor, params.machineId);
      return { commands: await desk.list(params.machineId) };
    },
    cancelCommand: async ({ params, login, address }) => {
      const found = await desk.find(params.commandId);
      if (!found) throw noSuchCommand();
      requireCommandRight(login.actor, await requireShown(deps, login.actor, found.row.machineId, 'command'));
      await desk.expire(found.row.machineId);
      const isCancelled = await desk.cancel(found.row, login, address);
      const after = await desk.find(params.commandId);
      if (!after) throw noSuchCommand();
      if (!isCancelled) throw GuruError.conflict(tooLate(after.row.status));
      return desk.view(after);
    },
  };
}

function isSameName(typed: string | undefined, name: string): boolean {
  return typed !== undefined && typed.trim().toLowerCase() === name.trim().toLowerCase();
}

function tooLate(status: string): string {
  return status === 'sent' || status === 'accepted'
    ? 'The machine has got this command already.'
    : 'This command is over already.';
}

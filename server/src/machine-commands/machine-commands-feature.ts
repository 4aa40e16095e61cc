import { GuruError } from '@guruconnect/shared';
import type { MachineCommandsDeps, MachineCommandsFeature } from '../core/delivery-features.ts';

/** Restarts, also into Safe Mode (U6, U7). */
export function createMachineCommandsFeature(_deps: MachineCommandsDeps): MachineCommandsFeature {
  const refuse = async () => {
    throw new GuruError('unavailable', 'This server gives no commands.');
  };
  return {
    handlers: { commandMachine: refuse, listCommands: refuse, cancelCommand: refuse },
    takeCommands: async () => [],
    answered: async () => {},
  };
}

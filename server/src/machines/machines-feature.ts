import { GuruError } from '@guruconnect/shared';
import type { MachinesDeps, MachinesFeature } from '../core/machine-features.ts';

const later = async (): Promise<never> => {
  throw new GuruError('unavailable', 'Not there yet.');
};

/** Installers, enrolment, check-ins, and everything that is kept of a machine. */
export async function createMachinesFeature(_deps: MachinesDeps): Promise<MachinesFeature> {
  return {
    machines: { find: later, rowsFor: later, viewsOf: () => [], authenticate: later },
    handlers: {
      listInstallers: later,
      createInstaller: later,
      revokeInstaller: later,
      enrolMachine: later,
      checkIn: later,
      getMachine: later,
      changeMachine: later,
      flagMachine: later,
      changeMachines: later,
    },
    close: async () => undefined,
  };
}

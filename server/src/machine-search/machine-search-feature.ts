import { GuruError } from '@guruconnect/shared';
import type { MachineSearchDeps, MachineSearchFeature } from '../core/machine-features.ts';

const later = async (): Promise<never> => {
  throw new GuruError('unavailable', 'Not there yet.');
};

/** Finding machines: the query language, groups with their counts, saved filters. */
export async function createMachineSearchFeature(_deps: MachineSearchDeps): Promise<MachineSearchFeature> {
  return {
    handlers: {
      listMachines: later,
      countMachines: later,
      suggestLabels: later,
      findMachine: later,
      listFilters: later,
      createFilter: later,
      changeFilter: later,
      deleteFilter: later,
    },
    countsFor: async () => [],
    close: async () => undefined,
  };
}

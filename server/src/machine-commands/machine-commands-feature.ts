import type { MachineCommandsDeps, MachineCommandsFeature } from '../core/delivery-features.ts';
import { CommandDesk } from './command-desk.ts';
import { createCommandHandlers } from './command-handlers.ts';

/** Ends commands whose time is over so often. */
const SWEEP_MS = 15_000;

/** Restarts, also into Safe Mode (U6, U7). */
export function createMachineCommandsFeature(deps: MachineCommandsDeps): MachineCommandsFeature {
  const { clock, log } = deps;
  const desk = new CommandDesk(deps);
  const guarded = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => log.error({ err: error }, 'commands could not be looked after'));
  guarded(desk.remember());
  const stops = [
    clock.every(SWEEP_MS, () => guarded(desk.expire())),
    deps.lines().onOnline((machineId) => desk.connected(machineId)),
  ];
  return {
    handlers: createCommandHandlers(deps, desk),
    takeCommands: (machineId) => desk.take(machineId),
    answered: (machineId, results) => desk.answered(machineId, results),
    openOf: (machineId) => desk.openOf(machineId),
    close: async () => {
      for (const stop of stops) stop();
      await desk.settled();
    },
  };
}

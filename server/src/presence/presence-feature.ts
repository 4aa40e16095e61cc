import type { PresenceDeps, PresenceFeature } from '../core/machine-features.ts';
import { MachineWatchers } from './audience/machine-watchers.ts';
import { createLines } from './lines/create-lines.ts';
import { WakeDesk } from './wake-desk.ts';

/** Always-on agents that are connected, and the dashboards that watch them. */
export function createPresenceFeature(deps: PresenceDeps): PresenceFeature {
  const { lines, server, close } = createLines(deps);
  const watchers = new MachineWatchers(deps);
  const wakes = new WakeDesk({ ...deps, lines });
  return {
    lines,
    audience: watchers,
    handlers: { wakeMachine: wakes.wake },
    takeWakes: (machineId) => wakes.take(machineId),
    wakingSince: (machineId) => wakes.wakingSince(machineId),
    attach: (http, isAllowed) => server.attach(http, isAllowed),
    close: async () => {
      watchers.close();
      await close();
    },
  };
}

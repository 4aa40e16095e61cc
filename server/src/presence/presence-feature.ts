import type { PresenceDeps, PresenceFeature } from '../core/machine-features.ts';
import { MachineWatchers } from './audience/machine-watchers.ts';
import { RequestWatchers } from './audience/request-watchers.ts';
import { createLines } from './lines/create-lines.ts';
import { WakeDesk } from './wake-desk.ts';

/** Always-on agents that are connected, and the dashboards that watch them. */
export function createPresenceFeature(deps: PresenceDeps): PresenceFeature {
  const { lines, server, close } = createLines(deps);
  const watchers = new MachineWatchers(deps);
  const requests = new RequestWatchers(deps);
  const wakes = new WakeDesk({ ...deps, lines });
  return {
    lines,
    audience: {
      enter: (socket, login) => requests.enter(socket, login),
      watch: (socket, login, wish) => watchers.watch(socket, login, wish),
      leave: (connectionId) => {
        requests.leave(connectionId);
        watchers.leave(connectionId);
      },
    },
    handlers: { wakeMachine: wakes.wake },
    takeWakes: (machineId) => wakes.take(machineId),
    wakingSince: (machineId) => wakes.wakingSince(machineId),
    attach: (http, isAllowed) => server.attach(http, isAllowed),
    close: async () => {
      requests.close();
      watchers.close();
      await close();
    },
  };
}

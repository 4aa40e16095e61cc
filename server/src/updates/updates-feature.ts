import type { UpdatesDeps, UpdatesFeature } from '../core/delivery-features.ts';
import { Nudger } from './nudger.ts';
import { Rollout } from './rollout.ts';
import { createUpdateHandlers } from './update-handlers.ts';

/** Looks so often for a new release, for rings whose time has come, and for machines whose turn it is. */
const ROUND_MS = 15_000;
/** Places that become free at once are given in one round. */
const SOON_MS = 500;

/** New versions of always-on agents, ring by ring (U5). */
export function createUpdatesFeature(deps: UpdatesDeps): UpdatesFeature {
  const { clock, log, releases, settings } = deps;
  const rollout = new Rollout(deps);
  const nudger = new Nudger({ ...deps, rollout });
  let running: Promise<void> | undefined;
  let callOff: (() => void) | undefined;

  const round = () => {
    running ??= (async () => {
      // Making a release takes work, which nobody wants where no machine could get it.
      if (!(await rollout.fleet.hasManaged())) return;
      const release = await releases.windows();
      if (release) await nudger.round(release);
    })()
      .catch((error: unknown) => log.error({ err: error }, 'machines were not told of their update'))
      .finally(() => {
        running = undefined;
      });
  };
  const nudgeSoon = () => {
    callOff ??= clock.after(SOON_MS, () => {
      callOff = undefined;
      round();
    });
  };
  const stops = [
    clock.every(ROUND_MS, round),
    settings.onChanged(() => {
      nudger.forget();
      nudgeSoon();
    }),
  ];
  return {
    handlers: createUpdateHandlers({
      ...deps,
      rollout,
      nudgeSoon,
      came: (machineId) => nudger.came(machineId),
    }),
    stateOf: async (machine) => {
      if (machine.osFamily !== 'windows') return undefined;
      const release = await releases.windows();
      return release && rollout.stateOf(release, machine);
    },
    close: async () => {
      for (const stop of stops) stop();
      callOff?.();
      await running;
    },
  };
}

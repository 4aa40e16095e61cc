import { eq, inArray } from 'drizzle-orm';
import type { MachinesDeps, MachinesFeature } from '../core/machine-features.ts';
import type { Machines } from '../core/machine-ports.ts';
import { machines } from '../db/schema/machines.ts';
import { createCheckIn } from './check-in.ts';
import { createEnrolment } from './enrolment.ts';
import { createInstallerHandlers } from './installer-handlers.ts';
import { createMachineGate } from './machine-gate.ts';
import { createMachineHandlers } from './machine-handlers.ts';
import { MachinePurge } from './machine-purge.ts';
import { MachineStore } from './machine-store.ts';
import { machineRows } from './machine-views.ts';
import { createNameWays } from './name-ways.ts';
import { PendingWork } from './pending-work.ts';
import { Refusals } from './refusals.ts';
import { ThumbnailEraser } from './thumbnail-eraser.ts';
import { createThumbnailHandlers } from './thumbnail-handlers.ts';
import { ThumbnailStore } from './thumbnail-store.ts';
import { createWakePeers } from './wake-peers.ts';

/** Installers, enrolment, check-ins, and everything that is kept of a machine. */
export async function createMachinesFeature(deps: MachinesDeps): Promise<MachinesFeature> {
  const { db } = deps;
  const store = new MachineStore(db);
  const refusals = new Refusals(deps);
  const gate = createMachineGate({ store, clock: deps.clock, refusals });
  const pending = new PendingWork();
  const wakePeers = createWakePeers(deps);
  const purge = new MachinePurge(deps);
  const thumbnails = new ThumbnailStore(deps);
  const eraser = new ThumbnailEraser({ ...deps, thumbnails });
  const details = { ...deps, store, pending, wakePeers, thumbnails };
  const port: Machines = {
    find: (machineId) => store.summary(machineId),
    viewsOf: (actor, rows) => machineRows(deps, actor, rows),
    rowsFor: async (actor, machineIds) => {
      if (machineIds.length === 0) return [];
      const rows = await db
        .select()
        .from(machines)
        .where(inArray(machines.id, [...machineIds]));
      const byId = new Map(rows.filter((row) => row.removedAt === null).map((row) => [row.id, row]));
      return machineRows(
        deps,
        actor,
        machineIds.flatMap((id) => byId.get(id) ?? []),
      );
    },
    authenticate: gate.authenticate,
    wakePeersOf: async (machineId) => {
      const [row] = await db.select().from(machines).where(eq(machines.id, machineId));
      return row ? wakePeers.of(row) : [];
    },
  };
  return {
    machines: port,
    gate,
    handlers: {
      ...createInstallerHandlers(deps),
      ...createMachineHandlers(details),
      ...createThumbnailHandlers(details),
      enrolMachine: createEnrolment({ ...deps, store, refusals }),
      checkIn: createCheckIn({ ...deps, store, gate, refusals, pending }),
      nameWays: createNameWays({ ...deps, gate }),
    },
    close: async () => {
      await purge.close();
      await eraser.close();
    },
  };
}

import { eq, sql } from 'drizzle-orm';
import type { ApiHandlers } from '../core/api-handlers.ts';
import { toStorable } from '../core/canonical-json.ts';
import type { Login } from '../core/ports.ts';
import { type MachineDbRow, machines } from '../db/schema/machines.ts';
import { flagOf } from './attention-flag.ts';
import { changeMachines } from './bulk-change.ts';
import { differencesOf, type LabelWishes, labelChanges } from './label-changes.ts';
import { requireRight, requireShown, requireThere } from './machine-access.ts';
import { type DetailsDeps, machineDetails } from './machine-details.ts';
import { displayName } from './machine-store.ts';
import { tellLabels } from './tell-labels.ts';

type Handlers = Pick<ApiHandlers, 'getMachine' | 'changeMachine' | 'flagMachine' | 'changeMachines'>;

/** What technicians do with what is kept of machines. */
export function createMachineHandlers(deps: DetailsDeps): Handlers {
  return {
    getMachine: ({ params, login }) => machineDetails(deps, login.actor, params.machineId),
    changeMachine: async ({ params, body, login, address }) => {
      const wishes = toStorable(body) as LabelWishes;
      const { before, set } = await edit(deps, login, params.machineId, (row) => labelChanges(row, wishes));
      if (Object.keys(set).length > 0) {
        if (Object.keys(set).some((key) => key !== 'notes')) tellLabels(deps, [before.id]);
        await deps.audit.append({
          actor: `user:${login.userId}`,
          action: 'machine.changed',
          address,
          details: { machineId: before.id, name: displayName(before), changes: differencesOf(before, set) },
        });
      }
      return machineDetails(deps, login.actor, params.machineId);
    },
    flagMachine: async ({ params, body, login, address }) => {
      const flag = flagOf(deps, login, body.note);
      const { before, set } = await edit(deps, login, params.machineId, (row) =>
        row.attention === null && flag === null ? {} : { attention: flag },
      );
      if ('attention' in set) {
        await deps.audit.append({
          actor: `user:${login.userId}`,
          action: flag === null ? 'machine.unflagged' : 'machine.flagged',
          address,
          details: {
            machineId: before.id,
            name: displayName(before),
            changes: { attention: { from: before.attention?.note ?? null, to: flag?.note ?? null } },
          },
        });
      }
      return machineDetails(deps, login.actor, params.machineId);
    },
    changeMachines: async ({ body, login, address }) => ({
      changed: await changeMachines(deps, body, login, address),
    }),
  };
}

/** Changes one row by what `change` makes of it, while nobody else changes it. */
async function edit<T extends Partial<MachineDbRow>>(
  deps: DetailsDeps,
  login: Login,
  machineId: string,
  change: (row: MachineDbRow) => T,
): Promise<{ before: MachineDbRow; set: T }> {
  const edited = await deps.db.transaction(async (tx) => {
    const [found] = await tx.select().from(machines).where(eq(machines.id, machineId)).for('update');
    const { row, company } = requireShown(deps.companies, login.actor, found);
    requireRight(login.actor, 'machine:edit', company);
    requireThere(row);
    const set = change(row);
    if (Object.keys(set).length > 0) {
      await tx
        .update(machines)
        .set({ ...set, version: sql`${machines.version} + 1` })
        .where(eq(machines.id, machineId));
    }
    return { before: row, set };
  });
  if (Object.keys(edited.set).length > 0) deps.feed.changed([machineId]);
  return edited;
}

import { type Actor, GuruError, may } from '@guruconnect/shared';
import type { MachineSessions } from '../../core/machine-ports.ts';
import type { SessionPresence } from '../live/session-presence.ts';
import type { SessionAccess } from '../session-access.ts';
import type { SessionEnder } from '../session-ender.ts';
import type { MachineSessionStore } from '../store/machine-session-store.ts';
import type { MachineActivityIndex } from './machine-activity-index.ts';

export interface MachineSessionsDeps {
  readonly activity: MachineActivityIndex;
  readonly machineSessions: MachineSessionStore;
  readonly ender: SessionEnder;
  readonly access: SessionAccess;
  readonly presence: SessionPresence;
}

/** What features about machines learn and ask of sessions. */
export function machineSessionsPort(deps: MachineSessionsDeps): MachineSessions {
  const { activity, machineSessions, ender } = deps;
  return {
    activityOf: (machineId, actor) => activity.activityOf(machineId, actor),
    hosted: () => activity.hosted(),
    controlledBy: (machineId, actor) => controlledBy(deps, machineId, actor),
    endAll: async (machineId) => {
      const row = await machineSessions.findActive(machineId);
      if (!row) return;
      await ender.end(row.id, { reason: 'admin-ended', actor: 'server' }).catch((error: unknown) => {
        // It ended by itself meanwhile.
        if (!(error instanceof GuruError)) throw error;
      });
    },
  };
}

async function controlledBy(
  { machineSessions, access, presence }: MachineSessionsDeps,
  machineId: string,
  actor: Actor,
): Promise<string | undefined> {
  const row = await machineSessions.findActive(machineId);
  if (row?.phase !== 'open' || row.state.endpoint.kind !== 'agent') return undefined;
  const { participants, controlHolder } = row.state;
  const holder = participants.find(({ id }) => id === controlHolder);
  if (holder?.userId !== actor.userId) return undefined;
  if (holder.grant.status !== 'allowed' || holder.grant.capability !== 'control') return undefined;
  if (!presence.isViewing(row.id, holder.id)) return undefined;
  return may(actor, 'session:control', await access.targetOf(row)) ? row.id : undefined;
}

import { GuruError } from '@guruconnect/shared';
import type { MachineSessions } from '../../core/machine-ports.ts';
import type { SessionEnder } from '../session-ender.ts';
import type { MachineSessionStore } from '../store/machine-session-store.ts';
import type { MachineActivityIndex } from './machine-activity-index.ts';

/** What features about machines learn and ask of sessions. */
export function machineSessionsPort(
  activity: MachineActivityIndex,
  store: MachineSessionStore,
  ender: SessionEnder,
): MachineSessions {
  return {
    activityOf: (machineId, actor) => activity.activityOf(machineId, actor),
    hosted: () => activity.hosted(),
    endAll: async (machineId) => {
      const row = await store.findActive(machineId);
      if (!row) return;
      await ender.end(row.id, { reason: 'admin-ended', actor: 'server' }).catch((error: unknown) => {
        // It ended by itself meanwhile.
        if (!(error instanceof GuruError)) throw error;
      });
    },
  };
}

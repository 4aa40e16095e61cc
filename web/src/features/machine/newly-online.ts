import type { MachineRow } from '@guruconnect/shared';

/** Flagged machines that were away and are online now; those that are told of leave `awayIds`, others come back to it. */
export function newlyOnline(awayIds: Set<string>, rows: readonly MachineRow[]): MachineRow[] {
  const came: MachineRow[] = [];
  for (const row of rows) {
    if (!row.attention) continue;
    if (!row.online) awayIds.add(row.machineId);
    else if (awayIds.delete(row.machineId)) came.push(row);
  }
  return came;
}

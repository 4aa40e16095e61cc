import type { MachinesDeps } from '../core/machine-features.ts';
import type { PendingWork } from './pending-work.ts';

/** Agents that are asked at once come back within so long, evenly spread. */
const SOON_MS = 3_000;
const PER_MACHINE_MS = 60;

/** Has agents learn their new labels: those that are connected soon, the others with their next check-in. */
export function tellLabels(
  { lines, clock, pending }: Pick<MachinesDeps, 'lines' | 'clock'> & { pending: PendingWork },
  machineIds: readonly string[],
): void {
  pending.relabelled(machineIds, clock.now());
  const withinMs = Math.max(SOON_MS, machineIds.length * PER_MACHINE_MS);
  for (const machineId of machineIds) lines().checkIn(machineId, withinMs);
}

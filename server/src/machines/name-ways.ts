import { GuruError } from '@guruconnect/shared';
import type { ApiHandler } from '../core/api-handlers.ts';
import { KeyedBuckets } from '../core/keyed-buckets.ts';
import type { MachinesDeps } from '../core/machine-features.ts';
import type { FullMachineGate } from './machine-gate.ts';

/** Somebody runs the doctor again and again while they mend a firewall; more often is no person. */
const REQUESTS = { capacity: 20, refillPerSecond: 1 / 30 };
/** Long enough to try all of them, too short to be worth keeping. */
const CREDENTIAL_SECONDS = 10 * 60;

/** Names to a machine what its sessions would go through. */
export function createNameWays(
  deps: Pick<MachinesDeps, 'clock' | 'waysFor'> & { readonly gate: FullMachineGate },
): ApiHandler<'nameWays'> {
  const { clock, waysFor, gate } = deps;
  const budgets = new KeyedBuckets(REQUESTS);

  return async ({ machine, address }) => {
    // First: one that was only sent again must not use up what the machine may ask.
    await gate.once(machine, address);
    const now = clock.now();
    const budget = budgets.of(machine.machineId, now);
    if (!budget.take(now)) throw GuruError.tooManyRequests(budget.secondsUntilNext(now));
    return waysFor(machine.machineId, CREDENTIAL_SECONDS);
  };
}

import type { ApiReply } from '@guruconnect/shared';
import type { ApiRequest } from '../core/api-handlers.ts';
import { toStorable } from '../core/canonical-json.ts';
import type { SupportRequestsDeps } from '../core/delivery-features.ts';
import { newId } from '../core/secrets.ts';
import { showAnew } from '../core/show-anew.ts';
import type { RequestBudget } from './request-budget.ts';
import type { RequestStore } from './request-store.ts';

interface Deps extends SupportRequestsDeps {
  readonly store: RequestStore;
  readonly budget: RequestBudget;
}

/** Stores what somebody at a machine asks for, and shows it to whoever may see the machine. */
export async function takeRequest(
  deps: Deps,
  { body, machine, address }: ApiRequest<'requestSupport'>,
): Promise<ApiReply<'requestSupport'>> {
  const { clock, audit, gate, store, budget, supportNews } = deps;
  const { machineId, name, companyId } = machine;
  const now = clock.now();
  // First: one that was only sent again must not use up what the machine may ask.
  await gate.once(machine, address);
  budget.take(machineId, now);
  const requestId = newId();
  const message = String(toStorable(body.message));
  const userName = String(toStorable(body.user));
  await store.add({ id: requestId, machineId, userName, message, createdAt: now });
  // What was asked stands in its own table, not here: it may be private, and the log stays.
  await audit.append({
    actor: `machine:${machineId}`,
    action: 'support.requested',
    address,
    details: { machineId, name, requestId, user: userName },
  });
  await showAnew(deps, [machineId]);
  supportNews.changed(companyId);
  return { requestId };
}

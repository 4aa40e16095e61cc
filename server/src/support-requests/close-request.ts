import { GuruError, may, type SupportRequestView } from '@guruconnect/shared';
import type { ApiRequest } from '../core/api-handlers.ts';
import type { SupportRequestsDeps } from '../core/delivery-features.ts';
import { showAnew } from '../core/show-anew.ts';
import type { RequestStore, StoredRequest } from './request-store.ts';

interface Deps extends SupportRequestsDeps {
  readonly store: RequestStore;
}

/** Marks a request as done. Throws `conflict` when somebody did so before. */
export async function closeRequest(
  deps: Deps,
  { params, login, address }: ApiRequest<'closeSupportRequest'>,
): Promise<SupportRequestView> {
  const { store, clock, audit, companies, supportNews } = deps;
  const { requestId } = params;
  const found = await store.find(requestId);
  const company = found && companies.find(found.companyId);
  const isShown = company !== undefined && may(login.actor, 'machine:see', company) && !found?.isRemoved;
  if (!found || !company || !isShown) throw noSuchRequest();
  if (!may(login.actor, 'machine:connect', company)) throw GuruError.notAllowed('close this request');
  if (!(await store.close(requestId, login.userId, clock.now()))) {
    throw GuruError.conflict('This request was closed already.');
  }
  const { machineId, name } = found.view.machine;
  await audit.append({
    actor: `user:${login.userId}`,
    action: 'support.closed',
    address,
    details: { machineId, name, requestId },
  });
  await showAnew(deps, [machineId]);
  supportNews.changed(found.companyId);
  return (await again(store, requestId)).view;
}

async function again(store: RequestStore, requestId: string): Promise<StoredRequest> {
  const found = await store.find(requestId);
  if (!found) throw noSuchRequest();
  return found;
}

function noSuchRequest(): GuruError {
  return new GuruError('not-found', 'There is no such request.');
}

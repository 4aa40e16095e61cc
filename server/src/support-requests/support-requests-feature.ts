import type { SupportRequestsDeps, SupportRequestsFeature } from '../core/delivery-features.ts';
import { closeRequest } from './close-request.ts';
import { RequestBudget } from './request-budget.ts';
import { RequestStore } from './request-store.ts';
import { takeRequest } from './take-request.ts';

/** Requests for help from the people at machines (U2). */
export function createSupportRequestsFeature(deps: SupportRequestsDeps): SupportRequestsFeature {
  const store = new RequestStore(deps.db);
  const budget = new RequestBudget();
  return {
    handlers: {
      requestSupport: (request) => takeRequest({ ...deps, store, budget }, request),
      listSupportRequests: async ({ query, login }) => ({
        requests: await store.list(deps.companies.scopeOf(login.actor), query.closed === 'yes'),
      }),
      closeSupportRequest: (request) => closeRequest({ ...deps, store }, request),
    },
    openCount: (machineId) => store.openCount(machineId),
  };
}

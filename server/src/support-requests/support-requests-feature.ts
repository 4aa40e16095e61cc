import { GuruError } from '@guruconnect/shared';
import type { SupportRequestsDeps, SupportRequestsFeature } from '../core/delivery-features.ts';

/** Requests for help from the people at machines (U2). */
export function createSupportRequestsFeature(_deps: SupportRequestsDeps): SupportRequestsFeature {
  const refuse = async () => {
    throw new GuruError('unavailable', 'This server takes no requests for help.');
  };
  return {
    handlers: { requestSupport: refuse, listSupportRequests: refuse, closeSupportRequest: refuse },
  };
}

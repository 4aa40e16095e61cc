import type { SupportRequestView } from '@guruconnect/shared';
import { expect, it } from 'vitest';
import { newRequests } from './support-requests.ts';

const REQUEST: SupportRequestView = {
  requestId: '11111111-1111-4111-8111-111111111111',
  machine: { machineId: '22222222-2222-4222-8222-222222222222', name: 'pc-1', company: 'Glazier' },
  user: 'mweber',
  message: 'Please look at the printer.',
  createdAt: 0,
  closedAt: null,
  closedBy: null,
};
const LATER = { ...REQUEST, requestId: '33333333-3333-4333-8333-333333333333' };

it('tells of requests that came since the last look, and of none at the first', () => {
  expect(newRequests(undefined, [REQUEST])).toEqual([]);
  expect(newRequests(new Set([REQUEST.requestId]), [LATER, REQUEST])).toEqual([LATER]);
  expect(newRequests(new Set(), [REQUEST])).toEqual([REQUEST]);
});

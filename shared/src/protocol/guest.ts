import * as z from 'zod/mini';
import { Id, OpaqueToken } from '../ids.ts';
import { Capability } from '../session/session-state.ts';
import { GuestView } from '../session/session-view.ts';
import { event, request } from './define.ts';

/** What the `/guest` namespace takes as `auth`: the token from redeeming, or a knock that waits for Admit. */
export const GuestAuth = z.union([
  z.object({ guestToken: OpaqueToken }),
  z.object({ knockToken: OpaqueToken }),
]);
export type GuestAuth = z.infer<typeof GuestAuth>;

/** End user's portal tab to server. */
export const guestToServer = {
  'guest:watch': request(z.object({}), GuestView),
  'consent:answer': request(
    z.object({ participantId: Id, answer: z.union([Capability, z.literal('refuse')]) }),
    z.object({}),
  ),
  /** Takes back what was allowed to one participant. */
  'consent:withdraw': request(z.object({ participantId: Id }), z.object({})),
  /** Ends the session from the end user's side; capture stops first. */
  'guest:stop': request(z.object({}), z.object({})),
} as const;

/** Server to end user's portal tab. */
export const serverToGuest = {
  'guest:changed': event(GuestView),
  /** The technician let a knocking guest in; reconnect with the token. */
  'knock:admitted': event(z.object({ guestToken: OpaqueToken })),
  'knock:refused': event(z.object({})),
} as const;

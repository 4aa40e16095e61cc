import * as z from 'zod/mini';
import { Id, OpaqueToken } from '../ids.ts';
import { PowSolution } from '../pow/proof-of-work.ts';
import { SessionCode } from '../session/session-code.ts';
import type { ApiRoute } from './api-route.ts';

/** What the portal shows before anybody typed a code. */
export const PortalConfig = z.object({
  companyName: z.string(),
  instructions: z.string(),
  issuesCodes: z.boolean(),
  /** What the Windows program of this deployment is; null: there is none. `unsigned`: Windows warns before it runs. */
  windows: z.nullable(z.object({ bytes: z.int(), unsigned: z.boolean() })),
});
export type PortalConfig = z.infer<typeof PortalConfig>;

const Redeemed = z.discriminatedUnion('status', [
  z.object({ status: z.literal('joined'), sessionId: Id, guestToken: OpaqueToken }),
  /** Codes are under attack: the technician must let the person in. Right and wrong codes get this alike. */
  z.object({ status: z.literal('knocking'), knockToken: OpaqueToken }),
]);
/** What the portal asks without a login; its page loads nothing but these. */
export const portalRoutes = {
  portalConfig: {
    method: 'GET',
    path: '/portal',
    summary: 'What the portal shows',
    tag: 'Portal',
    auth: 'none',
    permission: null,
    reply: PortalConfig,
  },
  redeemCode: {
    method: 'POST',
    path: '/codes/redeem',
    summary: 'Join a session as its guest with the 6 digits',
    tag: 'Portal',
    auth: 'none',
    permission: null,
    body: z.object({ code: SessionCode, proof: z.optional(PowSolution) }),
    reply: Redeemed,
  },
  issueCode: {
    method: 'POST',
    path: '/codes/issue',
    summary: 'Get a code to read out to a technician',
    tag: 'Portal',
    auth: 'none',
    permission: null,
    body: z.object({ proof: z.optional(PowSolution) }),
    reply: z.object({ sessionId: Id, guestToken: OpaqueToken, code: SessionCode }),
  },
} as const satisfies Record<string, ApiRoute>;

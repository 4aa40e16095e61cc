import * as z from 'zod/mini';
import { Id, OpaqueToken } from '../ids.ts';
import { PowSolution } from '../pow/proof-of-work.ts';
import { MachineInfo } from '../session/machine-info.ts';
import { SessionCode } from '../session/session-code.ts';
import type { ApiRoute } from './api-route.ts';

const Exchanged = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('joined'),
    sessionId: Id,
    sessionToken: OpaqueToken,
    companyName: z.string(),
    /** P-256 key that signs grants, SPKI in base64url; the agent keeps it for the session. */
    serverPublicKey: z.string(),
  }),
  z.object({ status: z.literal('waiting'), knockToken: OpaqueToken, pollSeconds: z.number() }),
]);

/** What one-time agents ask without a login. */
export const exchangeRoutes = {
  exchangeCode: {
    method: 'POST',
    path: '/agent/exchange',
    summary: "Take a session's agent slot with the 6 digits",
    tag: 'Agent',
    auth: 'none',
    permission: null,
    body: z.object({ code: SessionCode, machine: MachineInfo, proof: z.optional(PowSolution) }),
    reply: Exchanged,
  },
  /** Polled by an agent that waits for Admit. */
  exchangeKnock: {
    method: 'POST',
    path: '/agent/knock',
    summary: 'Ask whether the technician has let this agent in',
    tag: 'Agent',
    auth: 'none',
    permission: null,
    body: z.object({ knockToken: OpaqueToken }),
    reply: Exchanged,
  },
} as const satisfies Record<string, ApiRoute>;

import * as z from 'zod/mini';
import { Id } from '../ids.ts';
import { MachineCommandKind, MachineCommandView, SupportRequestView } from '../machines/machine-command.ts';
import type { ApiRoute } from './api-route.ts';

/** Longest message of somebody who asks for help. */
export const MAX_SUPPORT_MESSAGE = 2000;

/** What machines are told to do, and what the people at them ask for (U2, U6, U7). */
export const commandRoutes = {
  /** An emergency restart loses what is not saved: `confirm` must be the machine's name. */
  commandMachine: {
    method: 'POST',
    path: '/machines/{machineId}/commands',
    summary: 'Restart a machine: in order, at once, or into Safe Mode',
    tag: 'Commands',
    auth: 'login',
    permission: 'machine:command',
    body: z.object({ kind: MachineCommandKind, confirm: z.optional(z.string().check(z.maxLength(200))) }),
    reply: MachineCommandView,
  },
  listCommands: {
    method: 'GET',
    path: '/machines/{machineId}/commands',
    summary: 'What a machine was told to do, the newest first',
    tag: 'Commands',
    auth: 'login',
    permission: 'machine:see',
    reply: z.object({ commands: z.array(MachineCommandView) }),
  },
  cancelCommand: {
    method: 'POST',
    path: '/machine-commands/{commandId}/cancel',
    summary: 'Take back a command that the machine has not got yet',
    tag: 'Commands',
    auth: 'login',
    permission: 'machine:command',
    reply: MachineCommandView,
  },
  requestSupport: {
    method: 'POST',
    path: '/agent/support-requests',
    summary: 'Somebody at a machine asks for help',
    tag: 'Commands',
    auth: 'machine',
    permission: null,
    body: z.object({
      message: z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_SUPPORT_MESSAGE)),
      user: z.string().check(z.maxLength(200)),
    }),
    reply: z.object({ requestId: Id }),
  },
  listSupportRequests: {
    method: 'GET',
    path: '/support-requests',
    summary: 'Who asked for help and was not answered yet, the newest first',
    tag: 'Commands',
    auth: 'login',
    permission: null,
    query: z.object({ closed: z.optional(z.enum(['yes', 'no'])) }),
    reply: z.object({ requests: z.array(SupportRequestView) }),
  },
  closeSupportRequest: {
    method: 'POST',
    path: '/support-requests/{requestId}/close',
    summary: 'Mark a request for help as done',
    tag: 'Commands',
    auth: 'login',
    permission: 'machine:connect',
    reply: SupportRequestView,
  },
} as const satisfies Record<string, ApiRoute>;

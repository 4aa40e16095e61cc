import * as z from 'zod/mini';
import { DisplayName, Id, Timestamp } from '../ids.ts';

/** What a machine is told to do (U6, U7). Safe Mode is Windows' own. */
export const MachineCommandKind = z.enum([
  'normal',
  'emergency',
  'safe',
  'safe-network',
  'safe-command',
  'return-to-normal',
]);
export type MachineCommandKind = z.infer<typeof MachineCommandKind>;

/** A command as it is handed to the agent with a check-in; `signature` is over `machineCommandText`. */
export const SignedMachineCommand = z.object({
  commandId: Id,
  kind: MachineCommandKind,
  issuedAt: Timestamp,
  expiresAt: Timestamp,
  signature: z.string().check(z.regex(/^[A-Za-z0-9_-]{86}$/)),
});
export type SignedMachineCommand = z.infer<typeof SignedMachineCommand>;

/** Signed by the key that signs grants, so that nobody but the server makes a machine restart. */
export function machineCommandText(
  machineId: string,
  { commandId, kind, issuedAt, expiresAt }: Omit<SignedMachineCommand, 'signature'>,
): string {
  return `guruconnect-command\n${machineId}\n${commandId}\n${kind}\n${issuedAt}\n${expiresAt}`;
}

/** What became of a command; for reboots it is told before the machine goes down. */
export const MachineCommandResult = z.object({
  commandId: Id,
  outcome: z.enum(['accepted', 'refused', 'failed']),
  /** One sentence; empty when accepted. */
  reason: z.string().check(z.maxLength(500)),
});
export type MachineCommandResult = z.infer<typeof MachineCommandResult>;

export const MachineCommandView = z.object({
  commandId: Id,
  machineId: Id,
  kind: MachineCommandKind,
  status: z.enum(['waiting', 'sent', 'accepted', 'refused', 'failed', 'expired', 'cancelled']),
  reason: z.string(),
  issuedBy: z.nullable(z.object({ userId: Id, name: DisplayName })),
  issuedAt: Timestamp,
  expiresAt: Timestamp,
  answeredAt: z.nullable(Timestamp),
});
export type MachineCommandView = z.infer<typeof MachineCommandView>;

/** Somebody at a machine asked for help from the tray (U2). */
export const SupportRequestView = z.object({
  requestId: Id,
  machine: z.object({ machineId: Id, name: z.string(), company: z.string() }),
  user: z.string(),
  message: z.string(),
  createdAt: Timestamp,
  closedAt: z.nullable(Timestamp),
  closedBy: z.nullable(z.object({ userId: Id, name: DisplayName })),
});
export type SupportRequestView = z.infer<typeof SupportRequestView>;

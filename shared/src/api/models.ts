import * as z from 'zod/mini';
import { Role } from '../auth/roles.ts';
import { DisplayName, Id, Timestamp } from '../ids.ts';
import { Preferences } from '../settings.ts';

/** The signed-in person. */
export const Me = z.object({
  userId: Id,
  username: z.string(),
  name: DisplayName,
  role: Role,
  teamId: z.nullable(Id),
  preferences: Preferences,
  /** To be sent as `x-csrf-token` with every request that changes something. */
  csrfToken: z.string(),
});
export type Me = z.infer<typeof Me>;

export const UserView = z.object({
  userId: Id,
  username: z.string(),
  name: DisplayName,
  role: Role,
  teamId: z.nullable(Id),
  disabled: z.boolean(),
  createdAt: Timestamp,
  lastLoginAt: z.nullable(Timestamp),
});
export type UserView = z.infer<typeof UserView>;

export const TeamView = z.object({ teamId: Id, name: DisplayName, members: z.int() });
export type TeamView = z.infer<typeof TeamView>;

/** One signed-in browser. */
export const LoginView = z.object({
  loginId: Id,
  current: z.boolean(),
  address: z.string(),
  userAgent: z.string(),
  createdAt: Timestamp,
  lastSeenAt: Timestamp,
});
export type LoginView = z.infer<typeof LoginView>;

export const AuditEntry = z.object({
  sequence: z.int(),
  stream: z.string(),
  at: Timestamp,
  actor: z.string(),
  action: z.string(),
  sessionId: z.nullable(Id),
  address: z.nullable(z.string()),
  details: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

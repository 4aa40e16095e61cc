import * as z from 'zod/mini';
import { Visibility } from '../auth/roles.ts';
import { DisplayName, Id, Timestamp } from '../ids.ts';
import { ConsentPolicy } from '../machines/company.ts';
import { MachineInfo } from './machine-info.ts';
import { SessionCode } from './session-code.ts';
import { EndpointLink, Grant, Lifecycle } from './session-state.ts';

/** Somebody who wants in and waits for the technician: a second agent, or a guest while codes are under attack. */
export const Knock = z.object({
  id: Id,
  kind: z.enum(['agent', 'guest']),
  address: z.string(),
  machine: z.nullable(MachineInfo),
  at: Timestamp,
});
export type Knock = z.infer<typeof Knock>;

/** What the signed-in person may do with this session now; the server decides again when they try. */
export const SessionRights = z.object({
  view: z.boolean(),
  control: z.boolean(),
  claim: z.boolean(),
  admit: z.boolean(),
  cancel: z.boolean(),
  end: z.boolean(),
  transfer: z.boolean(),
});
export type SessionRights = z.infer<typeof SessionRights>;

export const ParticipantView = z.object({
  id: Id,
  userId: Id,
  name: DisplayName,
  grant: Grant,
  hasControl: z.boolean(),
  /** Whether a viewer of theirs is connected now. */
  connected: z.boolean(),
});
export type ParticipantView = z.infer<typeof ParticipantView>;

/** Who made a session: a technician with a code, the portal, or a technician on a machine with a permanent agent. */
export const SessionOrigin = z.enum(['technician', 'portal', 'machine']);
export type SessionOrigin = z.infer<typeof SessionOrigin>;

/** A session as the dashboard lists it; sent whole whenever it changes. */
export const SessionView = z.object({
  id: Id,
  /** The version of the stored state; a view with a lower one is stale. */
  version: z.int(),
  /** null once the session has ended, or for people who may only see that it exists. */
  code: z.nullable(SessionCode),
  codeExpiresAt: z.nullable(Timestamp),
  name: z.nullable(DisplayName),
  visibility: Visibility,
  owner: z.nullable(z.object({ userId: Id, name: DisplayName, teamId: z.nullable(Id) })),
  origin: SessionOrigin,
  /** The machine of an unattended session. */
  machineId: z.nullable(Id),
  consentRequired: z.boolean(),
  /** Of unattended sessions: what their company's policy was when they began. */
  consentPolicy: z.nullable(ConsentPolicy),
  /** An offer to another technician that is not answered yet. */
  transfer: z.nullable(
    z.object({
      from: z.object({ userId: Id, name: DisplayName }),
      to: z.object({ userId: Id, name: DisplayName }),
      note: z.string(),
      at: Timestamp,
    }),
  ),
  createdAt: Timestamp,
  lifecycle: Lifecycle,
  endpoint: EndpointLink,
  guestPanelOpen: z.boolean(),
  machine: z.nullable(MachineInfo),
  endpointAddress: z.nullable(z.string()),
  participants: z.array(ParticipantView),
  knocks: z.array(Knock),
  rights: SessionRights,
  /** Set where viewers that control the machine are to give a small picture of its screen now and then. */
  takesThumbnails: z.optional(z.literal(true)),
});
export type SessionView = z.infer<typeof SessionView>;

/** What the person at the machine is told about their session. */
export const GuestView = z.object({
  sessionId: Id,
  version: z.int(),
  companyName: z.string(),
  technicianName: z.nullable(DisplayName),
  lifecycle: Lifecycle,
  endpoint: EndpointLink,
  /** Shown while nobody has joined from this side, so that the code can be read out (P6). */
  code: z.nullable(SessionCode),
  participants: z.array(
    z.object({ id: Id, name: DisplayName, grant: Grant, hasControl: z.boolean(), connected: z.boolean() }),
  ),
});
export type GuestView = z.infer<typeof GuestView>;

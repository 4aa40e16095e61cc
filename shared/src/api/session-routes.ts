import * as z from 'zod/mini';
import { Visibility } from '../auth/roles.ts';
import { DisplayName, Id } from '../ids.ts';
import { SessionCode } from '../session/session-code.ts';
import { PeerQuality } from '../session/session-quality.ts';
import { SessionView } from '../session/session-view.ts';
import type { ApiRoute } from './api-route.ts';
import { AuditEntry } from './models.ts';

const PositiveMinutes = z.int().check(z.gte(1), z.lte(60 * 24 * 30));

/** Sessions, as technicians make, see and end them. */
export const sessionRoutes = {
  listSessions: {
    method: 'GET',
    path: '/sessions',
    summary: 'Sessions that I may see, newest first',
    tag: 'Sessions',
    auth: 'login',
    permission: null,
    query: z.object({
      state: z.optional(z.enum(['active', 'ended'])),
      limit: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(200))),
    }),
    reply: z.object({ sessions: z.array(SessionView) }),
  },
  createSession: {
    method: 'POST',
    path: '/sessions',
    summary: 'Generate a code',
    tag: 'Sessions',
    auth: 'login',
    permission: 'session:create',
    body: z.object({
      name: z.optional(DisplayName),
      /** null: stays until used; left out: the deployment's default. */
      expiresInMinutes: z.optional(z.nullable(PositiveMinutes)),
      /** A technician's id, or null for whoever comes first; left out: mine. */
      assignTo: z.optional(z.nullable(Id)),
      visibility: z.optional(Visibility),
      /** false only for machines without a person, by admins. */
      consentRequired: z.optional(z.boolean()),
    }),
    reply: SessionView,
  },
  claimCode: {
    method: 'POST',
    path: '/sessions/claim',
    summary: 'Take over the session of a code that an end user reads out',
    tag: 'Sessions',
    auth: 'login',
    permission: null,
    body: z.object({ code: SessionCode }),
    reply: SessionView,
  },
  getSession: {
    method: 'GET',
    path: '/sessions/{sessionId}',
    summary: 'One session',
    tag: 'Sessions',
    auth: 'login',
    permission: 'session:see',
    reply: SessionView,
  },
  claimSession: {
    method: 'POST',
    path: '/sessions/{sessionId}/claim',
    summary: 'Take a first-come session',
    tag: 'Sessions',
    auth: 'login',
    permission: 'session:claim',
    reply: SessionView,
  },
  changeSession: {
    method: 'PATCH',
    path: '/sessions/{sessionId}',
    summary: 'Rename a session or change who may see it',
    tag: 'Sessions',
    auth: 'login',
    permission: 'session:change',
    body: z.object({ name: z.optional(z.nullable(DisplayName)), visibility: z.optional(Visibility) }),
    reply: SessionView,
  },
  cancelSession: {
    method: 'POST',
    path: '/sessions/{sessionId}/cancel',
    summary: 'Cancel a code that nobody used',
    tag: 'Sessions',
    auth: 'login',
    permission: 'session:cancel',
    reply: SessionView,
  },
  endSession: {
    method: 'POST',
    path: '/sessions/{sessionId}/end',
    summary: 'End a session; capture stops on the machine first',
    tag: 'Sessions',
    auth: 'login',
    permission: 'session:end',
    reply: SessionView,
  },
  /** The session goes on as it is until the other one accepts; then it is theirs, and the picture never stops (S4). */
  offerTransfer: {
    method: 'POST',
    path: '/sessions/{sessionId}/transfer',
    summary: 'Offer a session to another technician',
    tag: 'Sessions',
    auth: 'login',
    permission: 'session:transfer',
    body: z.object({ to: Id, note: z.optional(z.string().check(z.maxLength(300))) }),
    reply: SessionView,
  },
  answerTransfer: {
    method: 'POST',
    path: '/sessions/{sessionId}/transfer/answer',
    summary: 'Accept or decline a session that is offered to me, or withdraw my offer',
    tag: 'Sessions',
    auth: 'login',
    permission: null,
    body: z.object({ answer: z.enum(['accept', 'decline', 'withdraw']) }),
    reply: SessionView,
  },
  /** Technicians whom a session can be offered to: those who may take it. */
  transferChoices: {
    method: 'GET',
    path: '/sessions/{sessionId}/transfer/choices',
    summary: 'Technicians who could take this session over',
    tag: 'Sessions',
    auth: 'login',
    permission: 'session:transfer',
    reply: z.object({
      technicians: z.array(z.object({ userId: Id, name: DisplayName, online: z.boolean() })),
    }),
  },
  answerKnock: {
    method: 'POST',
    path: '/sessions/{sessionId}/knocks/{knockId}',
    summary: 'Admit or refuse a waiting agent or guest',
    tag: 'Sessions',
    auth: 'login',
    permission: 'session:admit',
    body: z.object({ admit: z.boolean() }),
    reply: SessionView,
  },
  sessionQuality: {
    method: 'GET',
    path: '/sessions/{sessionId}/quality',
    summary: 'How well the picture came, by connection, as viewers measured it',
    tag: 'Sessions',
    auth: 'login',
    permission: 'session:see',
    reply: z.object({ peers: z.array(PeerQuality) }),
  },
  sessionAudit: {
    method: 'GET',
    path: '/sessions/{sessionId}/audit',
    summary: "One session's audit entries, oldest first",
    tag: 'Sessions',
    auth: 'login',
    permission: 'session:change',
    reply: z.object({ entries: z.array(AuditEntry) }),
  },
} as const satisfies Record<string, ApiRoute>;

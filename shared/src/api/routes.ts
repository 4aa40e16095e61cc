import * as z from 'zod/mini';
import { NewPassword, TypedPassword, Username } from '../auth/password.ts';
import type { Action } from '../auth/permissions.ts';
import { Role, Visibility } from '../auth/roles.ts';
import { DisplayName, Id, OpaqueToken } from '../ids.ts';
import { PowSolution } from '../pow/proof-of-work.ts';
import { MachineInfo } from '../session/machine-info.ts';
import { SessionCode } from '../session/session-code.ts';
import { SessionView } from '../session/session-view.ts';
import { DeploymentSettings, Preferences } from '../settings.ts';
import { AuditEntry, LoginView, Me, PortalConfig, TeamView, UserView } from './models.ts';

/** One HTTP route under {@link API_BASE}; server, web client, OpenAPI page and tests all read these rows. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With `{name}` for path parameters, which are all UUIDs. */
  readonly path: string;
  readonly summary: string;
  readonly tag: 'Account' | 'Portal' | 'Agent' | 'Sessions' | 'Users' | 'Settings' | 'Audit' | 'Setup';
  /** `none`: anybody; `login`: a signed-in technician. */
  readonly auth: 'none' | 'login';
  /** What is asked of `may()` before anything happens. Routes about oneself have none. */
  readonly permission: Action | null;
  readonly query?: z.ZodMiniObject;
  readonly body?: z.ZodMiniType;
  readonly reply: z.ZodMiniType;
}

export const API_BASE = '/api/v1';

const Done = z.object({});
const Redeemed = z.discriminatedUnion('status', [
  z.object({ status: z.literal('joined'), sessionId: Id, guestToken: OpaqueToken }),
  /** Codes are under attack: the technician must let the person in. Right and wrong codes get this alike. */
  z.object({ status: z.literal('knocking'), knockToken: OpaqueToken }),
]);
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
const PositiveMinutes = z.int().check(z.gte(1), z.lte(60 * 24 * 30));

export const apiRoutes = {
  /** Exists only while there is no admin; the token is printed on the server's console. */
  setUp: {
    method: 'POST',
    path: '/setup',
    summary: 'Create the first administrator',
    tag: 'Setup',
    auth: 'none',
    permission: null,
    body: z.object({
      token: OpaqueToken,
      companyName: DisplayName,
      name: DisplayName,
      username: Username,
      password: NewPassword,
    }),
    reply: Me,
  },
  signIn: {
    method: 'POST',
    path: '/auth/login',
    summary: 'Sign in; sets the login cookie',
    tag: 'Account',
    auth: 'none',
    permission: null,
    body: z.object({ username: Username, password: TypedPassword }),
    reply: Me,
  },
  signOut: {
    method: 'POST',
    path: '/auth/logout',
    summary: 'Sign this browser out',
    tag: 'Account',
    auth: 'login',
    permission: null,
    reply: Done,
  },
  signOutEverywhere: {
    method: 'POST',
    path: '/auth/logout-everywhere',
    summary: 'Sign every browser of mine out, this one too',
    tag: 'Account',
    auth: 'login',
    permission: null,
    reply: Done,
  },
  me: {
    method: 'GET',
    path: '/auth/me',
    summary: 'Who is signed in',
    tag: 'Account',
    auth: 'login',
    permission: null,
    reply: Me,
  },
  changePassword: {
    method: 'POST',
    path: '/auth/password',
    summary: 'Change my password; signs my other browsers out',
    tag: 'Account',
    auth: 'login',
    permission: null,
    body: z.object({ current: TypedPassword, next: NewPassword }),
    reply: Done,
  },
  changePreferences: {
    method: 'PATCH',
    path: '/auth/preferences',
    summary: 'Change my preferences',
    tag: 'Account',
    auth: 'login',
    permission: null,
    body: z.partial(Preferences),
    reply: Preferences,
  },
  listLogins: {
    method: 'GET',
    path: '/auth/logins',
    summary: 'My signed-in browsers',
    tag: 'Account',
    auth: 'login',
    permission: null,
    reply: z.object({ logins: z.array(LoginView) }),
  },
  endLogin: {
    method: 'DELETE',
    path: '/auth/logins/{loginId}',
    summary: 'Sign one of my browsers out',
    tag: 'Account',
    auth: 'login',
    permission: null,
    reply: Done,
  },
  createLaunchTicket: {
    method: 'POST',
    path: '/auth/launch-tickets',
    summary: 'Make a link that signs me in once, within a minute, from this computer only',
    tag: 'Account',
    auth: 'login',
    permission: null,
    body: z.object({ path: z.string().check(z.regex(/^\/[A-Za-z0-9/_-]{0,200}$/)) }),
    reply: z.object({ url: z.string() }),
  },

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
  sessionAudit: {
    method: 'GET',
    path: '/sessions/{sessionId}/audit',
    summary: "One session's audit entries, oldest first",
    tag: 'Sessions',
    auth: 'login',
    permission: 'session:change',
    reply: z.object({ entries: z.array(AuditEntry) }),
  },

  listUsers: {
    method: 'GET',
    path: '/users',
    summary: 'Technicians',
    tag: 'Users',
    auth: 'login',
    permission: 'user:list',
    reply: z.object({ users: z.array(UserView) }),
  },
  createUser: {
    method: 'POST',
    path: '/users',
    summary: 'Add a technician',
    tag: 'Users',
    auth: 'login',
    permission: 'user:create',
    body: z.object({
      username: Username,
      name: DisplayName,
      role: Role,
      teamId: z.nullable(Id),
      password: NewPassword,
    }),
    reply: UserView,
  },
  changeUser: {
    method: 'PATCH',
    path: '/users/{userId}',
    summary: 'Change a technician; a new role or password signs them out',
    tag: 'Users',
    auth: 'login',
    permission: 'user:change',
    body: z.object({
      name: z.optional(DisplayName),
      role: z.optional(Role),
      teamId: z.optional(z.nullable(Id)),
      password: z.optional(NewPassword),
    }),
    reply: UserView,
  },
  disableUser: {
    method: 'POST',
    path: '/users/{userId}/disable',
    summary: 'Disable a technician; cuts their sessions at once',
    tag: 'Users',
    auth: 'login',
    permission: 'user:disable',
    reply: UserView,
  },
  enableUser: {
    method: 'POST',
    path: '/users/{userId}/enable',
    summary: 'Enable a technician again',
    tag: 'Users',
    auth: 'login',
    permission: 'user:disable',
    reply: UserView,
  },
  listTeams: {
    method: 'GET',
    path: '/teams',
    summary: 'Teams',
    tag: 'Users',
    auth: 'login',
    permission: 'team:list',
    reply: z.object({ teams: z.array(TeamView) }),
  },
  createTeam: {
    method: 'POST',
    path: '/teams',
    summary: 'Add a team',
    tag: 'Users',
    auth: 'login',
    permission: 'team:change',
    body: z.object({ name: DisplayName }),
    reply: TeamView,
  },
  changeTeam: {
    method: 'PATCH',
    path: '/teams/{teamId}',
    summary: 'Rename a team',
    tag: 'Users',
    auth: 'login',
    permission: 'team:change',
    body: z.object({ name: DisplayName }),
    reply: TeamView,
  },
  deleteTeam: {
    method: 'DELETE',
    path: '/teams/{teamId}',
    summary: 'Delete a team without members',
    tag: 'Users',
    auth: 'login',
    permission: 'team:change',
    reply: Done,
  },

  getSettings: {
    method: 'GET',
    path: '/settings',
    summary: "The deployment's settings",
    tag: 'Settings',
    auth: 'login',
    permission: 'settings:read',
    reply: DeploymentSettings,
  },
  changeSettings: {
    method: 'PATCH',
    path: '/settings',
    summary: "Change the deployment's settings",
    tag: 'Settings',
    auth: 'login',
    permission: 'settings:change',
    body: z.partial(DeploymentSettings),
    reply: DeploymentSettings,
  },
  listAudit: {
    method: 'GET',
    path: '/audit',
    summary: 'Audit entries, newest first',
    tag: 'Audit',
    auth: 'login',
    permission: 'audit:read',
    query: z.object({
      before: z.optional(z.coerce.number().check(z.int(), z.gte(1))),
      limit: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(500))),
    }),
    reply: z.object({ entries: z.array(AuditEntry) }),
  },
} as const satisfies Record<string, ApiRoute>;

export type ApiName = keyof typeof apiRoutes;
type Route<N extends ApiName> = (typeof apiRoutes)[N];
export type ApiBody<N extends ApiName> =
  Route<N> extends { body: infer B extends z.ZodMiniType } ? z.infer<B> : undefined;
export type ApiQuery<N extends ApiName> =
  Route<N> extends { query: infer Q extends z.ZodMiniType } ? z.infer<Q> : undefined;
export type ApiReply<N extends ApiName> = z.infer<Route<N>['reply']>;

type ParamNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;
export type ApiParams<N extends ApiName> = { [K in ParamNames<Route<N>['path']>]: string };

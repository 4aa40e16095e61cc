import * as z from 'zod/mini';
import { NewPassword, Username } from '../auth/password.ts';
import { Role } from '../auth/roles.ts';
import { DisplayName, Id } from '../ids.ts';
import { DeploymentSettings } from '../settings.ts';
import type { ApiRoute } from './api-route.ts';
import { AuditEntry, TeamView, UserView } from './models.ts';

const Done = z.object({});

/** Technicians, teams, settings and the audit log. */
export const adminRoutes = {
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

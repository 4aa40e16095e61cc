import * as z from 'zod/mini';
import { Id, Timestamp } from '../ids.ts';
import { UpdateReport } from '../releases/release-manifest.ts';
import type { ApiRoute } from './api-route.ts';

const Version = z.string().check(z.maxLength(40));

/** Agents that this server hands out, and how machines get new versions (B2-B4, U5). */
export const releaseRoutes = {
  getReleases: {
    method: 'GET',
    path: '/releases',
    summary: 'Which agents this server hands out, and what it can make of them',
    tag: 'Releases',
    auth: 'login',
    permission: null,
    reply: z.object({
      windows: z.nullable(
        z.object({
          version: Version,
          /** Of the one-time program that end users download. */
          oneTimeBytes: z.int(),
          form: z.enum(['full', 'small']),
          /** Of both forms, for whoever chooses one. */
          bytes: z.optional(z.object({ full: z.int(), small: z.int() })),
          /** Whether programs carry a signature that Windows can check, and by whom; null: unsigned. */
          signedBy: z.nullable(z.string()),
          /** Why signing is configured and does not work; null when it does, or is not configured. */
          signingProblem: z.nullable(z.string()),
          /** Why there is no MSI here; null when there is. */
          msiProblem: z.nullable(z.string()),
        }),
      ),
      linux: z.nullable(z.object({ version: Version })),
      /** Whether this server can send mail. */
      mail: z.boolean(),
    }),
  },
  /** Audited: whoever has the token can enrol machines. */
  revealInstaller: {
    method: 'POST',
    path: '/installers/{installerId}/token',
    summary: 'The token of an installer, for its downloads and links',
    tag: 'Releases',
    auth: 'login',
    permission: 'installer:create',
    reply: z.object({ token: z.string() }),
  },
  installerMachines: {
    method: 'GET',
    path: '/installers/{installerId}/machines',
    summary: 'Machines that came from an installer, the newest first',
    tag: 'Releases',
    auth: 'login',
    permission: 'installer:list',
    reply: z.object({
      machines: z.array(
        z.object({ machineId: Id, name: z.string(), enrolledAt: Timestamp, online: z.boolean() }),
      ),
      total: z.int(),
    }),
  },
  mailInstaller: {
    method: 'POST',
    path: '/installers/{installerId}/mail',
    summary: 'Send the link of an installer by e-mail (B3)',
    tag: 'Releases',
    auth: 'login',
    permission: 'installer:create',
    body: z.object({
      to: z.string().check(z.maxLength(254), z.regex(/^[^\s,;<>@]+@[^\s,;<>@]+\.[^\s,;<>@]+$/)),
      note: z.string().check(z.trim(), z.maxLength(1000)),
      kind: z.enum(['exe', 'msi', 'linux']),
    }),
    reply: z.object({}),
  },
  /** Asked by launchers on their interval and after an `update` message. */
  agentUpdate: {
    method: 'GET',
    path: '/agent/update',
    summary: 'Which version this machine shall have now',
    tag: 'Agent updates',
    auth: 'machine',
    permission: null,
    reply: z.object({
      version: Version,
      manifestSha256: z.string(),
      /** False while its ring waits, updates are paused, or so many others are at it. */
      wanted: z.boolean(),
      pollSeconds: z.int(),
    }),
  },
  agentUpdateReport: {
    method: 'POST',
    path: '/agent/update-report',
    summary: 'How an update went on a machine',
    tag: 'Agent updates',
    auth: 'machine',
    permission: null,
    body: UpdateReport,
    reply: z.object({}),
  },
  getUpdates: {
    method: 'GET',
    path: '/updates',
    summary: 'How far a new version has come, ring by ring, and what failed',
    tag: 'Releases',
    auth: 'login',
    permission: 'settings:read',
    reply: z.object({
      version: z.nullable(Version),
      versions: z.array(z.object({ version: Version, machines: z.int() })),
      rings: z.array(
        z.object({
          name: z.string(),
          machines: z.int(),
          updated: z.int(),
          /** Whether its machines get the version now; missing where nothing is rolled out. */
          open: z.optional(z.boolean()),
          /** When it opens at the earliest; null for those that are open or wait for another one first. */
          opensAt: z.optional(z.nullable(Timestamp)),
        }),
      ),
      /** Set when the roll-out stopped by itself, since too many machines failed: `retryUpdates` lets it go on. */
      stopped: z.optional(z.nullable(z.object({ at: Timestamp, reason: z.string() }))),
      /** Machines that are at it now. */
      inFlight: z.optional(z.int()),
      reports: z.array(
        z.object({
          machineId: Id,
          name: z.string(),
          fromVersion: Version,
          at: Timestamp,
          ...UpdateReport.shape,
        }),
      ),
    }),
  },
  /** Only for versions that failed: their machines try again. A roll-out that stopped by itself goes on, also for none. */
  retryUpdates: {
    method: 'POST',
    path: '/updates/retry',
    summary: 'Let machines try again that rolled back or failed',
    tag: 'Releases',
    auth: 'login',
    permission: 'settings:change',
    body: z.object({ machineIds: z.array(Id).check(z.maxLength(1000)) }),
    reply: z.object({ machines: z.int() }),
  },
} as const satisfies Record<string, ApiRoute>;

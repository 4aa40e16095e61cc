import * as z from 'zod/mini';
import { Visibility } from './auth/roles.ts';
import { UpdateRing } from './releases/release-manifest.ts';

const Minutes = z.int().check(z.gte(1), z.lte(60 * 24 * 366));
const OptionalMinutes = z.nullable(Minutes);

/** Settings of the whole deployment, changed by admins; durations in minutes, null for no limit (R4). */
export const DeploymentSettings = z.object({
  companyName: z.string().check(z.trim(), z.minLength(1), z.maxLength(80)),
  /** Shown on the portal under the code field, plain text. */
  portalInstructions: z.string().check(z.maxLength(2000)),
  /** A login ends after so long without a request, or in all. */
  loginIdleMinutes: Minutes,
  loginMaximumMinutes: Minutes,
  /** A remote session ends after so long without input, or in all. */
  sessionIdleMinutes: OptionalMinutes,
  sessionMaximumMinutes: OptionalMinutes,
  /** Codes expire after so long unless the technician sets something else; null: stay until used. */
  defaultCodeExpiryMinutes: OptionalMinutes,
  /** Whether end users may get a code on the portal without a technician (P6). */
  portalIssuesCodes: z.boolean(),
  /** How often always-on agents check in; a machine's presence does not depend on it (U4). */
  checkInMinutes: z.int().check(z.gte(1), z.lte(24 * 60)),
  /** The one-time Windows program: with everything inside, or small and fetching the rest (E1). */
  windowsForm: z.enum(['full', 'small']),
  /** New versions of always-on agents: none go out while paused; so many machines at once; ring after ring (U5). */
  updatesPaused: z.boolean(),
  updatesAtOnce: z.int().check(z.gte(1), z.lte(10_000)),
  updateRings: z.array(UpdateRing).check(z.minLength(1), z.maxLength(10)),
  /** Hours from one ring to the next. */
  updateRingHours: z.int().check(z.gte(0), z.lte(24 * 30)),
  /** Commands, closed requests for help and reports of updates are removed after so many days; null: never. */
  historyDays: z.nullable(z.int().check(z.gte(1), z.lte(3650))),
  /** Whether a small picture of a machine's screen is kept from sessions on it; turned off, all of them are erased (U3). */
  machineThumbnails: z.boolean(),
});
export type DeploymentSettings = z.infer<typeof DeploymentSettings>;

export const DEFAULT_SETTINGS: DeploymentSettings = {
  companyName: 'GuruConnect',
  portalInstructions: '',
  loginIdleMinutes: 12 * 60,
  loginMaximumMinutes: 7 * 24 * 60,
  sessionIdleMinutes: 60,
  sessionMaximumMinutes: 12 * 60,
  defaultCodeExpiryMinutes: null,
  portalIssuesCodes: true,
  checkInMinutes: 15,
  windowsForm: 'full',
  updatesPaused: false,
  updatesAtOnce: 50,
  updateRings: [{ name: 'Everybody', percent: 100, tags: [] }],
  updateRingHours: 24,
  historyDays: 365,
  machineThumbnails: false,
};

/** What one person chose for themselves (D2). */
export const Preferences = z.object({
  theme: z.enum(['light', 'dark', 'system']),
  sidebar: z.enum(['expanded', 'collapsed']),
  landingTab: z.enum(['support', 'access', 'settings']),
  /** How Access begins: which kind of group is open, whether smart groups are shown, which query is there. */
  accessGrouping: z.enum(['company', 'site', 'os', 'tag', 'type']),
  showSmartGroups: z.boolean(),
  accessQuery: z.string().check(z.maxLength(500)),
  /** Columns of the machine list in order, with their widths in px; empty: the usual ones. */
  accessColumns: z
    .array(z.object({ key: z.string().check(z.maxLength(40)), width: z.int().check(z.gte(40), z.lte(2000)) }))
    .check(z.maxLength(40)),
  /** What new sessions of mine are seen by. */
  sessionVisibility: Visibility,
  /** Browser notifications and sounds: a session offered to me, a flagged machine that comes online. */
  notifications: z.object({ browser: z.boolean(), sound: z.boolean() }),
});
export type Preferences = z.infer<typeof Preferences>;

export const DEFAULT_PREFERENCES: Preferences = {
  theme: 'system',
  sidebar: 'expanded',
  landingTab: 'support',
  accessGrouping: 'company',
  showSmartGroups: true,
  accessQuery: '',
  accessColumns: [],
  sessionVisibility: 'team',
  notifications: { browser: false, sound: false },
};

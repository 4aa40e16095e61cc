import * as z from 'zod/mini';
import { DisplayName, Id, Timestamp } from '../ids.ts';
import { ConsentPolicy } from './company.ts';
import { Inventory, MachineStatus, OsFamily } from './inventory.ts';
import { MachineCommandView } from './machine-command.ts';
import { MachineThumbnail } from './machine-thumbnail.ts';

/** Something of a machine that somebody should look at, with the reason. */
export const AttentionFlag = z.object({
  note: z.string().check(z.maxLength(500)),
  by: z.nullable(z.object({ userId: Id, name: DisplayName })),
  at: Timestamp,
});
export type AttentionFlag = z.infer<typeof AttentionFlag>;

/** One line of the machine list (A5). */
export const MachineRow = z.object({
  machineId: Id,
  /** Rises with every change; a row with a lower one is stale. */
  version: z.int(),
  /** The given name, or the hostname. */
  name: z.string(),
  hostname: z.string(),
  company: z.object({ companyId: Id, name: z.string() }),
  site: z.nullable(z.object({ siteId: Id, name: z.string() })),
  department: z.string(),
  deviceType: z.string(),
  tags: z.array(z.string()),
  osFamily: OsFamily,
  osName: z.string(),
  user: z.string(),
  idleMs: z.nullable(z.number()),
  online: z.boolean(),
  /** While online: since when; otherwise when it was last there. null: never. */
  seenAt: z.nullable(Timestamp),
  externalIp: z.string(),
  internalIps: z.array(z.string()),
  agentVersion: z.string(),
  outdated: z.boolean(),
  attention: z.nullable(AttentionFlag),
  /** The same identity was seen on two computers at once. */
  cloned: z.boolean(),
  /** Technicians connected now. */
  hosts: z.array(z.object({ userId: Id, name: DisplayName })),
  /** Whether somebody is logged on at the screen. */
  guestConnected: z.boolean(),
  lastAccessedAt: z.nullable(Timestamp),
  lastCheckInAt: z.nullable(Timestamp),
  /** Set while the machine is removed and can be brought back. */
  removedAt: z.nullable(Timestamp),
  /** The session that is open on it, for people who may see that. */
  sessionId: z.nullable(Id),
});
export type MachineRow = z.infer<typeof MachineRow>;

/** What the signed-in person may do with the machine; the server decides again when they try. */
export const MachineRights = z.object({
  connect: z.boolean(),
  wake: z.boolean(),
  edit: z.boolean(),
  move: z.boolean(),
  remove: z.boolean(),
  /** Restart it, also into Safe Mode. */
  command: z.optional(z.boolean()),
});
export type MachineRights = z.infer<typeof MachineRights>;

/** How far the agent's version is (U5). `reason`: one sentence, empty where there is nothing to say. */
export const MachineUpdateState = z.object({
  state: z.enum(['current', 'outdated', 'updating', 'failed']),
  reason: z.string(),
});
export type MachineUpdateState = z.infer<typeof MachineUpdateState>;

/** Everything that the detail panel shows (A6). */
export const MachineDetails = z.object({
  row: MachineRow,
  inventory: z.nullable(Inventory),
  status: z.nullable(MachineStatus),
  macs: z.array(z.string()),
  properties: z.record(z.string(), z.string()),
  notes: z.string(),
  firstSeenAt: Timestamp,
  guestLastConnectedAt: z.nullable(Timestamp),
  bootedAt: z.nullable(Timestamp),
  installer: z.nullable(z.object({ installerId: Id, name: DisplayName })),
  consent: ConsentPolicy,
  /** What is asked of the machine and not done yet: a wake, a check-in, a session that starts. */
  pending: z.array(
    z.object({ what: z.enum(['wake', 'check-in', 'session', 'reconfigure']), since: Timestamp }),
  ),
  /** Whether another online agent on the same network could wake it. */
  canBeWoken: z.boolean(),
  rights: MachineRights,
  update: z.optional(MachineUpdateState),
  /** The command that the machine has not answered yet. */
  command: z.optional(z.nullable(MachineCommandView)),
  /** Requests for help of the people at it that nobody closed. */
  openRequests: z.optional(z.int()),
  /** null: none was taken yet. Left out where the deployment keeps none. */
  thumbnail: z.optional(z.nullable(MachineThumbnail)),
});
export type MachineDetails = z.infer<typeof MachineDetails>;

/** Columns that the list can be sorted by. */
export const MachineSortKey = z.enum([
  'name',
  'company',
  'site',
  'os',
  'user',
  'online',
  'seenAt',
  'externalIp',
  'agentVersion',
  'lastAccessedAt',
  'deviceType',
  'department',
  /** Best match first; only with words in the query. */
  'rank',
]);
export type MachineSortKey = z.infer<typeof MachineSortKey>;

/** A group of the sidebar: `company:<id>`, `site:<id>`, `os:<name>`, `tag:<tag>`, `type:<device type>`, `smart:<id>`, `all`. */
export const GroupKey = z
  .string()
  .check(z.maxLength(120), z.regex(/^(all|(company|site|os|tag|type|smart|filter):.+)$/s));
export type GroupKey = z.infer<typeof GroupKey>;

/** One count of the sidebar. `title` is what people read; `parent` is set for sites (their company's key). */
export const GroupCount = z.object({
  key: GroupKey,
  title: z.string(),
  parent: z.nullable(GroupKey),
  count: z.int(),
});
export type GroupCount = z.infer<typeof GroupCount>;

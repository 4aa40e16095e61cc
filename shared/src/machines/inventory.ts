import * as z from 'zod/mini';
import { Timestamp } from '../ids.ts';

/** Longest text of an inventory; longer ones are cut by the agent and refused by the server. */
export const MAX_INVENTORY_TEXT = 200;
const Line = z.string().check(z.maxLength(MAX_INVENTORY_TEXT));
const Bytes = z.number().check(z.nonnegative());

export const OsFamily = z.enum(['linux', 'windows', 'macos']);
export type OsFamily = z.infer<typeof OsFamily>;

/** One network card with its addresses. */
export const NetworkCard = z.object({
  name: Line,
  /** Lower case, with colons. */
  mac: z.string().check(z.regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)),
  addresses: z
    .array(
      z.object({
        address: z.string().check(z.maxLength(45)),
        prefixLength: z.int().check(z.gte(0), z.lte(128)),
      }),
    )
    .check(z.maxLength(16)),
});
export type NetworkCard = z.infer<typeof NetworkCard>;

/**
 * What a machine is (U4, A6). Holds nothing that changes by itself from minute to minute: it is sent only when its
 * hash changes. Unknown text is empty, an unknown number null.
 */
export const Inventory = z.object({
  hostname: Line,
  description: Line,
  os: z.object({
    family: OsFamily,
    name: Line,
    version: Line,
    build: Line,
    installedAt: z.nullable(Timestamp),
  }),
  processor: z.object({ model: Line, cores: z.int().check(z.gte(0), z.lte(4096)) }),
  memoryBytes: Bytes,
  disks: z.array(z.object({ name: Line, sizeBytes: Bytes })).check(z.maxLength(64)),
  manufacturer: Line,
  model: Line,
  serial: Line,
  serviceTag: Line,
  networks: z.array(NetworkCard).check(z.maxLength(32)),
  bootedAt: z.nullable(Timestamp),
  agentVersion: z.string().check(z.maxLength(40)),
});
export type Inventory = z.infer<typeof Inventory>;

/** What changes all the time; small, sent with every check-in. */
export const MachineStatus = z.object({
  /** Who is logged on at the screen; empty for nobody. */
  user: Line,
  /** How long nobody used keyboard or mouse at the machine; null when unknown or nobody is logged on. */
  idleMs: z.nullable(z.number().check(z.nonnegative())),
  memoryFreeBytes: z.nullable(Bytes),
  /** Free bytes of the inventory's disks by name. */
  diskFreeBytes: z
    .record(z.string().check(z.maxLength(MAX_INVENTORY_TEXT)), Bytes)
    .check(z.refine((value) => Object.keys(value).length <= 64, { error: 'Too many disks.' })),
});
export type MachineStatus = z.infer<typeof MachineStatus>;

/** SHA-256 in lower-case hex of the inventory's JSON as the agent wrote it. */
export const InventoryHash = z.string().check(z.regex(/^[0-9a-f]{64}$/));

import * as z from 'zod/mini';
import { DisplayName, Id, Timestamp } from '../ids.ts';
import { Label, Tags } from './machine-labels.ts';

/** What a new installer gives to the machines that enrol with it (B1). The server keeps it under the token. */
export const NewInstaller = z.object({
  name: DisplayName,
  companyId: Id,
  /** Made when the company has no site of that name; empty for none. */
  site: Label,
  department: Label,
  deviceType: Label,
  tags: Tags,
  /** Empty: each machine goes by its own name. */
  machineName: Label,
  /** null: until it is revoked. */
  expiresAt: z.nullable(Timestamp),
  /** null: any number of machines. */
  maxUses: z.nullable(z.int().check(z.gte(1), z.lte(1_000_000))),
});
export type NewInstaller = z.infer<typeof NewInstaller>;

export const InstallerView = z.object({
  installerId: Id,
  name: DisplayName,
  company: z.object({ companyId: Id, name: DisplayName }),
  site: Label,
  department: Label,
  deviceType: Label,
  tags: Tags,
  machineName: Label,
  createdBy: z.nullable(z.object({ userId: Id, name: DisplayName })),
  createdAt: Timestamp,
  expiresAt: z.nullable(Timestamp),
  maxUses: z.nullable(z.int()),
  uses: z.int(),
  revokedAt: z.nullable(Timestamp),
  status: z.enum(['active', 'expired', 'used-up', 'revoked']),
});
export type InstallerView = z.infer<typeof InstallerView>;

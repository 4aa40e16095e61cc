import type { MachineCommandKind, MachineCommandView, OsFamily, UpdateReport } from '@guruconnect/shared';
import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../instant.ts';

export const machineCommands = pgTable('machine_commands', {
  id: uuid().primaryKey(),
  machineId: uuid('machine_id').notNull(),
  kind: text().$type<MachineCommandKind>().notNull(),
  status: text().$type<MachineCommandView['status']>().notNull(),
  reason: text().notNull(),
  issuedBy: uuid('issued_by'),
  issuedAt: instant('issued_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  sentAt: instant('sent_at'),
  answeredAt: instant('answered_at'),
});
export type MachineCommandRow = typeof machineCommands.$inferSelect;

export const supportRequests = pgTable('support_requests', {
  id: uuid().primaryKey(),
  machineId: uuid('machine_id').notNull(),
  userName: text('user_name').notNull(),
  message: text().notNull(),
  createdAt: instant('created_at').notNull(),
  closedAt: instant('closed_at'),
  closedBy: uuid('closed_by'),
});

export const updateFleet = pgTable('update_fleet', {
  machineId: uuid('machine_id').primaryKey(),
  osFamily: text('os_family').$type<OsFamily>().notNull(),
  version: text().notNull(),
  tags: text().array().notNull(),
});

export const updateRollouts = pgTable('update_rollouts', {
  manifestSha256: text('manifest_sha256').primaryKey(),
  version: text().notNull(),
  startedAt: instant('started_at').notNull(),
  ring: integer().notNull(),
  ringOpenedAt: instant('ring_opened_at').notNull(),
  stoppedAt: instant('stopped_at'),
  stoppedReason: text('stopped_reason').notNull(),
  countedFrom: instant('counted_from').notNull(),
});
export type RolloutRow = typeof updateRollouts.$inferSelect;

export const machineUpdates = pgTable('machine_updates', {
  machineId: uuid('machine_id').notNull(),
  manifestSha256: text('manifest_sha256').notNull(),
  ring: integer().notNull(),
  state: text().$type<'offered' | UpdateReport['outcome']>().notNull(),
  attempts: integer().notNull(),
  fromVersion: text('from_version').notNull(),
  reason: text().notNull(),
  offeredAt: instant('offered_at').notNull(),
  endedAt: instant('ended_at'),
});
export type MachineUpdateRow = typeof machineUpdates.$inferSelect;

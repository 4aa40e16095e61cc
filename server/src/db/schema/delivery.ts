import type { MachineCommandKind, MachineCommandView } from '@guruconnect/shared';
import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
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

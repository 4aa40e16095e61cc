import type {
  AttentionFlag,
  CompanyAccess,
  ConsentPolicy,
  CustomProperties,
  Inventory,
  MachineStatus,
  OsFamily,
} from '@guruconnect/shared';
import { sql } from 'drizzle-orm';
import { bigint, boolean, date, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../instant.ts';

export const companies = pgTable('companies', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  access: text().$type<CompanyAccess>().notNull(),
  consent: jsonb().$type<ConsentPolicy>().notNull(),
  createdAt: instant('created_at').notNull(),
});
export type CompanyRow = typeof companies.$inferSelect;

export const companyUsers = pgTable('company_users', {
  companyId: uuid('company_id').notNull(),
  userId: uuid('user_id').notNull(),
});
export const companyTeams = pgTable('company_teams', {
  companyId: uuid('company_id').notNull(),
  teamId: uuid('team_id').notNull(),
});

export const sites = pgTable('sites', {
  id: uuid().primaryKey(),
  companyId: uuid('company_id').notNull(),
  name: text().notNull(),
  createdAt: instant('created_at').notNull(),
});
export type SiteRow = typeof sites.$inferSelect;

export const installers = pgTable('installers', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  tokenHash: text('token_hash').notNull(),
  sealedToken: text('sealed_token'),
  companyId: uuid('company_id').notNull(),
  site: text().notNull(),
  department: text().notNull(),
  deviceType: text('device_type').notNull(),
  tags: text().array().notNull(),
  machineName: text('machine_name').notNull(),
  createdBy: uuid('created_by'),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at'),
  maxUses: integer('max_uses'),
  uses: integer().notNull(),
  revokedAt: instant('revoked_at'),
});
export type InstallerRow = typeof installers.$inferSelect;

export const machines = pgTable('machines', {
  id: uuid().primaryKey(),
  publicKey: text('public_key').notNull(),
  hardwareId: text('hardware_id').notNull(),
  version: integer().notNull(),
  companyId: uuid('company_id').notNull(),
  siteId: uuid('site_id'),
  installerId: uuid('installer_id'),
  name: text().notNull(),
  department: text().notNull(),
  deviceType: text('device_type').notNull(),
  tags: text().array().notNull(),
  notes: text().notNull(),
  properties: jsonb().$type<CustomProperties>().notNull(),
  attention: jsonb().$type<AttentionFlag>(),
  inventory: jsonb().$type<Inventory>(),
  inventoryHash: text('inventory_hash'),
  status: jsonb().$type<MachineStatus>(),
  hostname: text().notNull(),
  osFamily: text('os_family').$type<OsFamily>().notNull(),
  osName: text('os_name').notNull(),
  osBuild: text('os_build').notNull(),
  manufacturer: text().notNull(),
  model: text().notNull(),
  serial: text().notNull(),
  serviceTag: text('service_tag').notNull(),
  agentVersion: text('agent_version').notNull(),
  loggedOnUser: text('logged_on_user').notNull(),
  idleMs: bigint('idle_ms', { mode: 'number' }),
  internalIps: text('internal_ips').array().notNull(),
  macs: text().array().notNull(),
  externalIp: text('external_ip').notNull(),
  bootedAt: instant('booted_at'),
  osInstalledAt: instant('os_installed_at'),
  lastRequestMs: bigint('last_request_ms', { mode: 'number' }).notNull(),
  online: boolean().notNull(),
  seenAt: instant('seen_at'),
  lastCheckInAt: instant('last_check_in_at'),
  /** In UTC; worked out by the database, for an index. */
  checkInDay: date('check_in_day').generatedAlwaysAs(sql`(last_check_in_at AT TIME ZONE 'UTC')::date`),
  firstSeenAt: instant('first_seen_at').notNull(),
  lastAccessedAt: instant('last_accessed_at'),
  guestLastConnectedAt: instant('guest_last_connected_at'),
  clonedAt: instant('cloned_at'),
  removedAt: instant('removed_at'),
});
export type MachineDbRow = typeof machines.$inferSelect;

export const savedFilters = pgTable('saved_filters', {
  id: uuid().primaryKey(),
  ownerId: uuid('owner_id').notNull(),
  name: text().notNull(),
  query: text().notNull(),
  shared: text().$type<'none' | 'team' | 'company'>().notNull(),
  createdAt: instant('created_at').notNull(),
});
export const filterPins = pgTable('filter_pins', {
  filterId: uuid('filter_id').notNull(),
  userId: uuid('user_id').notNull(),
});

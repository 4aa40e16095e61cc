import { boolean, date, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../instant.ts';

/** What machines are searched and sorted by; kept by triggers on `machines`, never written by the code. */
export const machineSearch = pgTable('machine_search', {
  machineId: uuid('machine_id').primaryKey(),
  companyId: uuid('company_id').notNull(),
  siteId: uuid('site_id'),
  removed: boolean().notNull(),
  online: boolean().notNull(),
  guested: boolean().notNull(),
  flagged: boolean().notNull(),
  cloned: boolean().notNull(),
  seenAt: instant('seen_at').notNull(),
  firstSeenAt: instant('first_seen_at').notNull(),
  lastCheckInAt: instant('last_check_in_at'),
  lastAccessedAt: instant('last_accessed_at'),
  bootedAt: instant('booted_at'),
  osInstalledAt: instant('os_installed_at'),
  nameKey: text('name_key').notNull(),
  addressKey: text('address_key').notNull(),
  versionKey: text('version_key').notNull(),
  name: text().notNull(),
  host: text().notNull(),
  osFamily: text('os_family').notNull(),
  os: text().notNull(),
  loggedOnUser: text('logged_on_user').notNull(),
  department: text().notNull(),
  deviceType: text('device_type').notNull(),
  tags: text().array().notNull(),
  build: text().notNull(),
  version: text().notNull(),
  serial: text().notNull(),
  serviceTag: text('service_tag').notNull(),
  manufacturer: text().notNull(),
  model: text().notNull(),
  externalIp: text('external_ip').notNull(),
  internalIps: text('internal_ips').array().notNull(),
  macs: text().array().notNull(),
  properties: text().array().notNull(),
  notes: text().notNull(),
  words: text().notNull(),
});

/** How many machines have a label, by company; see the migration. */
export const machineCounts = pgTable('machine_counts', {
  kind: text().notNull(),
  companyId: uuid('company_id').notNull(),
  value: text().notNull(),
  title: text().notNull(),
  n: integer().notNull(),
});
/** What changed in the counts and is not folded into them yet. */
export const machineCountDeltas = pgTable('machine_count_deltas', {
  kind: text().notNull(),
  companyId: uuid('company_id').notNull(),
  value: text().notNull(),
  title: text().notNull(),
  n: integer().notNull(),
});
export const machineCountChecks = pgTable('machine_count_checks', {
  day: date().primaryKey(),
  beganAt: instant('began_at').notNull(),
  endedAt: instant('ended_at'),
  differences: integer(),
});

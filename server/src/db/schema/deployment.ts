import type { DeploymentSettings } from '@guruconnect/shared';
import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from '../instant.ts';

/** One row, with id 1. What is stored may be older than the code, so it is parsed when read. */
export const settings = pgTable('settings', {
  id: integer().primaryKey(),
  value: jsonb().$type<Partial<DeploymentSettings>>().notNull(),
});

export const serverKeys = pgTable('server_keys', {
  name: text().primaryKey(),
  value: text().notNull(),
  createdAt: instant('created_at').notNull(),
});

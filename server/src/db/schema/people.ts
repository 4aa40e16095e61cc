import type { Preferences, Role } from '@guruconnect/shared';
import { jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../instant.ts';

export const teams = pgTable('teams', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  createdAt: instant('created_at').notNull(),
});

export const users = pgTable('users', {
  id: uuid().primaryKey(),
  username: text().notNull(),
  name: text().notNull(),
  role: text().$type<Role>().notNull(),
  teamId: uuid('team_id'),
  passwordHash: text('password_hash').notNull(),
  preferences: jsonb().$type<Preferences>().notNull(),
  disabledAt: instant('disabled_at'),
  createdAt: instant('created_at').notNull(),
  lastLoginAt: instant('last_login_at'),
});
export type UserRow = typeof users.$inferSelect;

export const logins = pgTable('logins', {
  id: uuid().primaryKey(),
  tokenHash: text('token_hash').notNull(),
  userId: uuid('user_id').notNull(),
  address: text().notNull(),
  userAgent: text('user_agent').notNull(),
  createdAt: instant('created_at').notNull(),
  lastSeenAt: instant('last_seen_at').notNull(),
  endedAt: instant('ended_at'),
  browserKey: text('browser_key'),
});
export type LoginRow = typeof logins.$inferSelect;

export const launchTickets = pgTable('launch_tickets', {
  tokenHash: text('token_hash').primaryKey(),
  userId: uuid('user_id').notNull(),
  path: text().notNull(),
  expiresAt: instant('expires_at').notNull(),
  usedAt: instant('used_at'),
});

import type {
  ConsentPolicy,
  MachineInfo,
  SessionOrigin,
  SessionState,
  Visibility,
} from '@guruconnect/shared';
import { boolean, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../instant.ts';

export const sessions = pgTable('sessions', {
  id: uuid().primaryKey(),
  origin: text().$type<SessionOrigin>().notNull(),
  ownerId: uuid('owner_id'),
  createdBy: uuid('created_by'),
  claimBy: text('claim_by').$type<'list' | 'code'>().notNull(),
  visibility: text().$type<Visibility>().notNull(),
  name: text(),
  consentRequired: boolean('consent_required').notNull(),
  state: jsonb().$type<SessionState>().notNull(),
  version: integer().notNull(),
  phase: text().$type<SessionState['lifecycle']['phase']>().notNull(),
  machine: jsonb().$type<MachineInfo>(),
  endpointAddress: text('endpoint_address'),
  grantSequence: integer('grant_sequence').notNull().default(0),
  codeExpiresAt: instant('code_expires_at'),
  createdAt: instant('created_at').notNull(),
  lastActiveAt: instant('last_active_at').notNull(),
  endedAt: instant('ended_at'),
  machineId: uuid('machine_id'),
  consentPolicy: jsonb('consent_policy').$type<ConsentPolicy>(),
});
export type SessionRow = typeof sessions.$inferSelect;

export const sessionCodes = pgTable('session_codes', {
  id: uuid().primaryKey(),
  code: text().notNull(),
  sessionId: uuid('session_id').notNull(),
  active: boolean().notNull(),
  createdAt: instant('created_at').notNull(),
  releasedAt: instant('released_at'),
});

export const sessionTokens = pgTable('session_tokens', {
  tokenHash: text('token_hash').primaryKey(),
  sessionId: uuid('session_id').notNull(),
  kind: text().$type<'guest' | 'agent'>().notNull(),
  agentId: uuid('agent_id'),
  createdAt: instant('created_at').notNull(),
  revokedAt: instant('revoked_at'),
});

export const knocks = pgTable('knocks', {
  id: uuid().primaryKey(),
  sessionId: uuid('session_id').notNull(),
  kind: text().$type<'agent' | 'guest'>().notNull(),
  tokenHash: text('token_hash').notNull(),
  address: text().notNull(),
  machine: jsonb().$type<MachineInfo>(),
  status: text().$type<'waiting' | 'admitted' | 'refused'>().notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  answeredAt: instant('answered_at'),
});
export type KnockRow = typeof knocks.$inferSelect;

export const peers = pgTable('peers', {
  id: uuid().primaryKey(),
  sessionId: uuid('session_id').notNull(),
  participantId: uuid('participant_id').notNull(),
  userId: uuid('user_id').notNull(),
  loginId: uuid('login_id').notNull(),
  createdAt: instant('created_at').notNull(),
  closedAt: instant('closed_at'),
  warm: boolean().notNull(),
  viewerKey: text('viewer_key'),
});
export type PeerRow = typeof peers.$inferSelect;

import type { QualityPath } from '@guruconnect/shared';
import { doublePrecision, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../instant.ts';

export const sessionQuality = pgTable('session_quality', {
  peerId: uuid('peer_id').primaryKey(),
  sessionId: uuid('session_id').notNull(),
  userId: uuid('user_id').notNull(),
  startedAt: instant('started_at').notNull(),
  reportedAt: instant('reported_at').notNull(),
  path: text().$type<QualityPath>().notNull(),
  seconds: integer().notNull(),
  fps: doublePrecision().notNull(),
  bitsPerSecond: doublePrecision('bits_per_second').notNull(),
  roundTripMs: doublePrecision('round_trip_ms'),
  loss: doublePrecision().notNull(),
  inputs: integer().notNull(),
  inputP50Ms: doublePrecision('input_p50_ms'),
  inputP95Ms: doublePrecision('input_p95_ms'),
  freezes: integer().notNull(),
});
export type SessionQualityRow = typeof sessionQuality.$inferSelect;

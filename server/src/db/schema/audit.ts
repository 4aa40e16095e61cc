import { bigint, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '../instant.ts';

export const auditEntries = pgTable('audit_entries', {
  sequence: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  stream: text().notNull(),
  streamSequence: integer('stream_sequence').notNull(),
  at: instant().notNull(),
  actor: text().notNull(),
  action: text().notNull(),
  sessionId: uuid('session_id'),
  address: text(),
  payloadHash: text('payload_hash').notNull(),
  previousHash: text('previous_hash').notNull(),
  hash: text().notNull(),
});

/** Apart from the entries, so that retention can delete what was said while the chain stays whole. */
export const auditPayloads = pgTable('audit_payloads', {
  sequence: bigint({ mode: 'number' }).primaryKey(),
  details: jsonb().$type<Record<string, unknown>>().notNull(),
});

export const auditHeads = pgTable('audit_heads', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  at: instant().notNull(),
  heads: jsonb().$type<Record<string, { sequence: number; hash: string; entry: number }>>().notNull(),
  previousHash: text('previous_hash').notNull(),
  hash: text().notNull(),
  signature: text().notNull(),
});

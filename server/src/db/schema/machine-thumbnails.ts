import type { ThumbnailType } from '@guruconnect/shared';
import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes } from '../bytes.ts';
import { instant } from '../instant.ts';

export const machineThumbnails = pgTable('machine_thumbnails', {
  machineId: uuid('machine_id').primaryKey(),
  bytes: bytes().notNull(),
  mimeType: text('mime_type').$type<ThumbnailType>().notNull(),
  width: integer().notNull(),
  height: integer().notNull(),
  takenAt: instant('taken_at').notNull(),
  takenBy: uuid('taken_by'),
  sessionId: uuid('session_id'),
});
export type MachineThumbnailRow = typeof machineThumbnails.$inferSelect;

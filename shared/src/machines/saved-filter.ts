import * as z from 'zod/mini';
import { DisplayName, Id, Timestamp } from '../ids.ts';
import { MAX_QUERY_LENGTH } from './machine-query.ts';

/** A query that somebody saved under a name (A3). */
export const SavedFilterView = z.object({
  filterId: Id,
  name: DisplayName,
  query: z.string().check(z.maxLength(MAX_QUERY_LENGTH)),
  shared: z.enum(['none', 'team', 'company']),
  owner: z.object({ userId: Id, name: DisplayName }),
  /** Pinned by the signed-in person: shown in the sidebar with its count. */
  pinned: z.boolean(),
  mayChange: z.boolean(),
  createdAt: Timestamp,
});
export type SavedFilterView = z.infer<typeof SavedFilterView>;

export const NewSavedFilter = z.object({
  name: DisplayName,
  query: z.string().check(z.maxLength(MAX_QUERY_LENGTH)),
  shared: z.enum(['none', 'team', 'company']),
  pinned: z.boolean(),
});
export type NewSavedFilter = z.infer<typeof NewSavedFilter>;

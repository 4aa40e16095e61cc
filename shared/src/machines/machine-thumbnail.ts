import * as z from 'zod/mini';
import { DisplayName, Id, Timestamp } from '../ids.ts';

/** Most bytes and pixels of the small picture that is kept of a machine's screen. */
export const MAX_THUMBNAIL_BYTES = 64 * 1024;
export const MAX_THUMBNAIL_SIDE = 480;
/** A session gives at most one in so long. */
export const THUMBNAIL_GAP_MS = 30_000;

export const ThumbnailType = z.enum(['image/webp', 'image/jpeg']);
export type ThumbnailType = z.infer<typeof ThumbnailType>;

/** What is told of a machine's picture; its pixels have a route of their own. */
export const MachineThumbnail = z.object({
  takenAt: Timestamp,
  /** null: the account is gone. */
  takenBy: z.nullable(z.object({ userId: Id, name: DisplayName })),
  width: z.int(),
  height: z.int(),
});
export type MachineThumbnail = z.infer<typeof MachineThumbnail>;

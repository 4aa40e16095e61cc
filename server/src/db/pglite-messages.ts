import * as z from 'zod/mini';

/** What the server says to the process of the embedded database, over Node's IPC channel. */
export const ToPglite = z.discriminatedUnion('type', [
  z.object({ type: z.literal('back-up'), path: z.string() }),
  z.object({ type: z.literal('close') }),
]);
export type ToPglite = z.infer<typeof ToPglite>;

/** What that process answers. */
export const FromPglite = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('failed'), message: z.string() }),
  z.object({ type: z.literal('backed-up'), path: z.string() }),
  z.object({ type: z.literal('backup-failed'), path: z.string(), message: z.string() }),
]);
export type FromPglite = z.infer<typeof FromPglite>;

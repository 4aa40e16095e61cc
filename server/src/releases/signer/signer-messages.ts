import * as z from 'zod/mini';

/** What the signer is asked. */
export const ToSigner = z.object({
  id: z.int(),
  /** `identity`: whose certificate; `sign`: a file in place; `add-blob`: room in the signature of a signed file. */
  ask: z.enum(['identity', 'sign', 'add-blob']),
  /** Empty for `identity`. */
  path: z.string(),
});
export type ToSigner = z.infer<typeof ToSigner>;

export const FromSigner = z.object({
  id: z.int(),
  /** In plain words, without secrets; null when it went well. */
  problem: z.nullable(z.string()),
  identity: z.nullable(z.object({ name: z.string(), fingerprint: z.string() })),
});
export type FromSigner = z.infer<typeof FromSigner>;

import * as z from 'zod/mini';

const HttpsUrl = z.string().check(z.regex(/^https:\/\//));

/** What an ACME authority sends (RFC 8555, 7.1), as far as we read it. */
export const Directory = z.object({ newNonce: HttpsUrl, newAccount: HttpsUrl, newOrder: HttpsUrl });
export type Directory = z.infer<typeof Directory>;

/** Why something was refused (RFC 7807). */
export const Problem = z.object({ type: z.optional(z.string()), detail: z.optional(z.string()) });
export type Problem = z.infer<typeof Problem>;

const Challenge = z.object({
  type: z.string(),
  url: HttpsUrl,
  token: z.optional(z.string()),
  error: z.optional(Problem),
});

export const Authorization = z.object({
  status: z.enum(['pending', 'valid', 'invalid', 'deactivated', 'expired', 'revoked']),
  identifier: z.object({ value: z.string() }),
  challenges: z.array(Challenge),
});
export type Authorization = z.infer<typeof Authorization>;

export const Order = z.object({
  status: z.enum(['pending', 'ready', 'processing', 'valid', 'invalid']),
  authorizations: z.array(HttpsUrl),
  finalize: HttpsUrl,
  certificate: z.optional(HttpsUrl),
  error: z.optional(Problem),
});
export type Order = z.infer<typeof Order>;

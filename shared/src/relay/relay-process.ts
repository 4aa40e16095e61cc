import * as z from 'zod/mini';

/** A certificate with its chain, and its private key; both PEM. */
const RelayTls = z.object({ cert: z.string(), key: z.string() });

/** What a server says to the relay that it runs beside itself, over Node's IPC channel. */
export const ToRelay = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    host: z.string(),
    /** 0: any free port. */
    port: z.int(),
    /** Shared by whoever signs tickets. */
    secret: z.string().check(z.minLength(32)),
    /** Left out: plain, for this computer only or behind a proxy. */
    tls: z.optional(RelayTls),
  }),
  /** Serves new connections with another certificate. */
  z.object({ type: z.literal('certificate'), tls: RelayTls }),
  z.object({ type: z.literal('stop') }),
]);
export type ToRelay = z.infer<typeof ToRelay>;

/** What the relay answers. */
export const FromRelay = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening'), port: z.int() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type FromRelay = z.infer<typeof FromRelay>;

import { createHmac } from 'node:crypto';
import type { IceServer } from '@guruconnect/shared';

/** How long a TURN credential opens new allocations; a peer connection that stands goes on. */
const CREDENTIAL_SECONDS = 12 * 60 * 60;

/**
 * The STUN and TURN servers for one peer. TURN servers without a fixed user get time-limited credentials in the
 * way that coturn's `use-auth-secret` checks: user `expiry:name`, password HMAC-SHA1 of it under the secret.
 */
export function iceServersFor(
  config: { readonly iceServers: readonly IceServer[]; readonly turnSecret?: string | undefined },
  peerId: string,
  nowMs: number,
  lifetimeSeconds = CREDENTIAL_SECONDS,
): IceServer[] {
  const { turnSecret } = config;
  return config.iceServers.map((server) => {
    if (turnSecret === undefined || server.username !== undefined || !/^turns?:/.test(server.urls)) {
      return server;
    }
    const username = `${Math.floor(nowMs / 1000) + lifetimeSeconds}:${peerId}`;
    const credential = createHmac('sha1', turnSecret).update(username).digest('base64');
    return { ...server, username, credential };
  });
}

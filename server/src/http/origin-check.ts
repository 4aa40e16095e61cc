import type { IncomingHttpHeaders } from 'node:http';

/** What of a request tells which page sent it, and which origin it went to. */
export interface OriginFacts {
  readonly headers: IncomingHttpHeaders;
  /** Host and port that the client asked for, of a trusted proxy's header where there is one. */
  readonly host: string | undefined;
  readonly isSecure: boolean;
}

/**
 * Whether a request may come from a page of ours. Browsers send `Origin` with everything that changes something and
 * with every WebSocket handshake; a client without it is no browser and carries nobody's cookies by accident.
 */
export function isOwnOrigin(
  { headers, host, isSecure }: OriginFacts,
  publicUrl: string | undefined,
): boolean {
  const { origin } = headers;
  if (origin === undefined) {
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none';
  }
  if (origin === publicUrl) return true;
  return host !== undefined && origin === `${isSecure ? 'https' : 'http'}://${host}`;
}

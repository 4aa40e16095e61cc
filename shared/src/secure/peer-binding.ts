import { sha256 } from '../pow/sha256.ts';

/** What ties a handshake to one connection: a text for each of its two ends. */
export interface PeerBinding {
  readonly agent: string;
  readonly viewer: string;
}

const FINGERPRINT = /^fingerprint:sha-256 ((?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2})(?=[\r\n]|$)/;

/**
 * The one certificate that a session description names, as `webrtc:` and 64 hexadecimal digits. Undefined when
 * there is none, or when the text names anything else besides, wherever it stands: two readers of the same
 * description must not come to different certificates.
 */
export function webrtcBinding(sdp: string): string | undefined {
  let found: string | undefined;
  for (const { index } of sdp.matchAll(/fingerprint/gi)) {
    const match = FINGERPRINT.exec(sdp.slice(index, index + 120));
    const isAttribute = sdp.slice(0, index).endsWith('\na=');
    const value = match?.[1]?.replaceAll(':', '').toLowerCase();
    if (value === undefined || !isAttribute || (found !== undefined && found !== value)) return undefined;
    found = value;
  }
  return found && `webrtc:${found}`;
}

/** Both ends of a relayed connection: `relay:` and the SHA-256 of the ticket in hexadecimal digits. */
export function relayBinding(ticket: string): string {
  const words = sha256(new TextEncoder().encode(ticket));
  return `relay:${Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('')}`;
}

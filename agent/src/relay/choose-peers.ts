import type { PeerPath } from '@guruconnect/shared';
import type { OpenPeer } from '../rtc/peer.ts';

/** Makes each peer of the kind that its order names. */
export function choosePeers(kinds: Readonly<Record<PeerPath, OpenPeer>>): OpenPeer {
  return (options, events) => kinds[options.transport.kind](options, events);
}

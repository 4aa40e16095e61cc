import type { Candidate, HandshakeReveal, PeerPath, PeerTransport } from '@guruconnect/shared';

/** The server's side of peers; every method may fail while the server is away. */
export interface PeerSignals {
  /** Rejects with the server's reason when there can be no peer now. */
  request(
    replaces: string | undefined,
    path: PeerPath,
  ): Promise<{ peerId: string; transport: PeerTransport }>;
  answer(peerId: string, sdp: string, reveal: HandshakeReveal): void;
  candidate(peerId: string, candidate: Candidate): void;
  closePeer(peerId: string): void;
}

import type { Candidate, HandshakeCommit, MachineInfo } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { OpenPeer } from '../rtc/peer.ts';
import type { ViewerPins } from '../secure/viewer-pins.ts';
import type { TileRouter } from '../tiles/tile-router.ts';
import type { AuditWhat } from './complaints.ts';
import type { CursorFeed } from './cursor-feed.ts';
import type { DisplayTable } from './display-table.ts';
import type { GrantVerifier } from './grant-verifier.ts';
import type { InputDispatcher } from './input-dispatcher.ts';
import type { VideoRouter } from './video-router.ts';

/** What one peer needs of its session. */
export interface PeerSessionDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly openPeer: OpenPeer;
  readonly verifier: GrantVerifier;
  readonly input: InputDispatcher;
  readonly video: VideoRouter;
  readonly cursor: CursorFeed;
  readonly tiles: TileRouter;
  readonly displays: DisplayTable;
  readonly pins: ViewerPins;
  readonly machine: MachineInfo;
  /** Present when the desktop cannot be shown just now. */
  readonly unavailable: () => string | null;
  readonly events: PeerSessionEvents;
}

/** What a peer tells its session. */
export interface PeerSessionEvents {
  onOffer(sdp: string, commit: HandshakeCommit | undefined): void;
  onCandidate(candidate: Candidate): void;
  /** Nobody is between the viewer and this agent when both show these words. */
  onSecured(words: readonly string[]): void;
  onConnected(): void;
  /** Input goes on here instead of over another peer; returns the newest message of it that was carried out. */
  onResume(peerId: string): number;
  /** It is over and has cleaned up; told once, also after `close`. */
  onGone(state: 'failed' | 'closed', why: string): void;
  onAudit(what: AuditWhat, detail: string): void;
}

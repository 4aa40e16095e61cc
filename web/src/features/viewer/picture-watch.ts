import type { FrameInfo } from '@guruconnect/shared';
import { LatencyLedger } from '../../lib/rtc/latency-ledger.ts';
import type { PeerLink } from '../../lib/rtc/peer-link.ts';
import type { Timing } from '../../lib/rtc/timing.ts';
import type { DeckFrame } from '../../lib/rtc/video-deck.ts';

/** How long to wait for a first frame before asking for a key frame. */
const NO_PICTURE_MS = 1_500;

/** Brings together what a peer tells of its frames and what the screen shows of them. */
export class PictureWatch {
  readonly #timing: Timing;
  readonly #ledgers = new WeakMap<PeerLink, LatencyLedger>();
  readonly #sources = new WeakMap<MediaStream, { link: PeerLink; track: number }>();
  #cancelRefresh: (() => void) | undefined;

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  ledgerOf(link: PeerLink): LatencyLedger {
    const ledger = this.#ledgers.get(link) ?? new LatencyLedger();
    this.#ledgers.set(link, ledger);
    return ledger;
  }
  /** The stream is that track of that peer. */
  streamOf(link: PeerLink, stream: MediaStream, track: number): void {
    this.#sources.set(stream, { link, track });
  }
  /** The heartbeat of that peer was answered, with the agent's time. */
  answered(link: PeerLink, agentTimeMs: number): void {
    const { rttMs } = link.peer;
    if (rttMs !== undefined) this.ledgerOf(link).clockTold(agentTimeMs, rttMs, this.#timing.now());
  }
  told(link: PeerLink, info: FrameInfo): void {
    this.ledgerOf(link).frameTold(info);
  }
  /** Gives the peer and the track whose picture it is, and which of its pictures. */
  shown(
    frame: DeckFrame,
  ): { readonly link: PeerLink; readonly track: number; readonly rtpTimestamp: number } | undefined {
    const source = this.#sources.get(frame.stream);
    if (!source) return undefined;
    const { link, track } = source;
    const rtpTimestamp = frame.rtpTimestamp ?? link.peer.rtpTimestampAt?.(frame.stream, frame.mediaTimeS);
    if (rtpTimestamp === undefined) return undefined;
    this.ledgerOf(link).framePresented(rtpTimestamp, frame.expectedDisplayMs, { ...frame.timing, track });
    return { link, track, rtpTimestamp };
  }

  /** The decoder may have missed the first key frame: asks for one until a picture is there. */
  expect(link: PeerLink, isCurrent: () => boolean): void {
    this.stop();
    this.#cancelRefresh = this.#timing.after(NO_PICTURE_MS, () => {
      if (!isCurrent() || this.ledgerOf(link).lastFrame) return;
      link.peer.tell({ type: 'refresh' });
      this.expect(link, isCurrent);
    });
  }
  stop(): void {
    this.#cancelRefresh?.();
  }
}

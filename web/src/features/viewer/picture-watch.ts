import type { FrameInfo } from '@guruconnect/shared';
import { LatencyLedger } from '../../lib/rtc/latency-ledger.ts';
import type { PeerLink } from '../../lib/rtc/peer-link.ts';
import type { Timing } from '../../lib/rtc/timing.ts';
import type { DeckFrame } from '../../lib/rtc/video-deck.ts';

/** How long to wait for a first frame before asking for a key frame. */
const NO_PICTURE_MS = 1_500;
/** How often it is looked whether the first frame was decoded before anything could show it. */
const LOOK_MS = 150;

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

  /**
   * The decoder may have missed the first key frame: asks for one until a picture is there. On a still screen the
   * first picture is the only one, and on a busy machine it may be decoded before its `<video>` is ready: one that
   * was decoded a while ago and is not on the screen is asked for again at once.
   */
  expect(link: PeerLink, isCurrent: () => boolean): void {
    this.#expect(link, isCurrent, true);
  }
  stop(): void {
    this.#cancelRefresh?.();
  }

  #expect(link: PeerLink, isCurrent: () => boolean, looksCloser: boolean): void {
    this.stop();
    const isMissing = () => isCurrent() && !this.ledgerOf(link).lastFrame;
    const refresh = () => {
      if (!isMissing()) return;
      link.peer.tell({ type: 'refresh' });
      this.#expect(link, isCurrent, false);
    };
    const cancelRefresh = this.#timing.after(NO_PICTURE_MS, refresh);
    const cancelLooks = looksCloser ? this.#whenMissed(link, isMissing, refresh) : () => undefined;
    this.#cancelRefresh = () => {
      cancelRefresh();
      cancelLooks();
    };
  }

  /** Calls back once when a picture that was there at one look is not on the screen at the next. */
  #whenMissed(link: PeerLink, isMissing: () => boolean, onMissed: () => void): () => void {
    let isOver = false;
    let cancel = () => {};
    const lookSoon = (wasDecoded: boolean) => {
      cancel = this.#timing.after(LOOK_MS, () => look(wasDecoded));
    };
    const look = (wasDecoded: boolean) => {
      if (!isMissing()) return;
      link.peer.counters().then(
        ({ framesDecoded }) => {
          if (isOver) return;
          if (wasDecoded) onMissed();
          else lookSoon(framesDecoded > 0);
        },
        // Only a peer that is over has no figures.
        () => undefined,
      );
    };
    lookSoon(false);
    return () => {
      isOver = true;
      cancel();
    };
  }
}

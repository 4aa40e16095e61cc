import type { Clock } from '../../core/clock.ts';
import type { RtcpMessage } from '../rtcp/rtcp-message.ts';
import { compactNtp, encodeSenderReport } from '../rtcp/sender-report.ts';
import { h264Payloads } from './h264-payloads.ts';
import type { MediaTransport, RtpSource } from './media-transport.ts';
import { PacketHistory } from './packet-history.ts';
import { buildRtpPacket, MAX_RTP_PACKET_BYTES, RTP_HEADER_BYTES } from './rtp-packet.ts';
import { buildPaddingPacket, buildRtxPacket, type RtxStream } from './rtx-packet.ts';

/** One encoded picture. */
export interface VideoFrame {
  /** Annex B access unit. */
  readonly data: Buffer;
  readonly keyFrame: boolean;
  /** 90 kHz, wraps; higher than that of the picture before. */
  readonly rtpTimestamp: number;
}

export interface VideoStats {
  readonly packets: number;
  readonly bytes: number;
  readonly retransmitted: number;
  readonly droppedFrames: number;
  readonly keyFrameRequests: number;
  readonly targetBitrate: number;
  readonly rttMs: number;
}

export interface VideoSenderDeps {
  readonly clock: Clock;
  readonly transport: MediaTransport;
  readonly ssrc: number;
  readonly payloadType: number;
  readonly cname: string;
  readonly firstSequence: number;
  /** Hands one RTP or RTCP packet to the network. */
  readonly send: (packet: Buffer) => void;
  /** The receiver cannot go on without a key frame. */
  readonly onKeyFrameWanted: () => void;
}

/** With more than this waiting, a picture is left out; the path gets a key frame when it has caught up. */
const FULL_QUEUE_MS = 500;
/** What would take longer than this to leave is given up: the path has become narrow meanwhile. */
const STALE_QUEUE_MS = 2000;
/** A key frame may take longer: the next one would, too. */
const STALE_KEY_FRAME_MS = 10_000;
/** Who falls behind again and again asks less and less often: others pay for each key frame. */
const WISH_AGAIN_MS = 30_000;
const LEAST_WISH_MS = 2_000;
const MOST_WISH_MS = 15_000;
/** A repair that takes longer costs more than a key frame, which takes about half of it. */
const LONG_REPAIR_MS = 350;
const IDLE_REPORT_MS = 5_000;
const REPORT_MS = 1000;
/** A lone last packet that got lost would be missed only when the next picture comes. */
const TAIL_MS = 40;
const SECOND_MS = 12;
/** Of a larger picture, only what is asked for is sent again. */
const MOST_TWICE = 40;
const TAIL_LOSS = 0.001;

/** The RTP clock at a monotonic time (90 kHz, wraps). */
export function rtpTimestampOf(monotonicMs: number): number {
  return Math.round(monotonicMs * 90) >>> 0;
}

/** One track between the encoder and the transport: packets, their numbers, and what is asked for again. */
export class VideoSender implements RtpSource {
  readonly #deps: VideoSenderDeps;
  readonly #history = new PacketHistory();
  #reported: { readonly packets: number; readonly atMs: number } | undefined;
  readonly #cancelReports: () => void;
  #cancelTail: (() => void) | undefined;
  #sequence: number;
  #rtx: (RtxStream & { sequence: number }) | undefined;
  #timestamp = 0;
  #newest: Buffer | undefined;
  #keyFrameSequence: number | undefined;
  #keyFrameEnd = 0;
  #lastWishMs = Number.NEGATIVE_INFINITY;
  #wishDelayMs = 0;
  #cancelWish: (() => void) | undefined;
  #awaitsKeyFrame = true;
  #wishesKeyFrame = false;
  #isClosed = false;
  readonly #count = {
    packets: 0,
    octets: 0,
    bytes: 0,
    retransmitted: 0,
    droppedFrames: 0,
    keyFrameRequests: 0,
  };

  constructor(deps: VideoSenderDeps) {
    this.#deps = deps;
    this.#sequence = deps.firstSequence & 0xffff;
    deps.transport.add(this);
    this.#cancelReports = deps.clock.every(REPORT_MS, () => this.#report());
  }

  get ssrcs(): readonly number[] {
    return this.#rtx ? [this.#deps.ssrc, this.#rtx.ssrc] : [this.#deps.ssrc];
  }

  get stats(): VideoStats {
    const { octets: _, ...count } = this.#count;
    const { targetBitrate, rttMs } = this.#deps.transport.rate;
    return { ...count, targetBitrate, rttMs };
  }

  /** The receiver takes retransmissions on a stream of their own. Without it they are copies, byte for byte. */
  retransmitOn(stream: RtxStream, firstSequence: number): void {
    this.#rtx = { ...stream, sequence: firstSequence & 0xffff };
  }

  /** Sends one picture; false when it was left out because the receiver could not use it. */
  sendFrame(frame: VideoFrame): boolean {
    if (!this.#mayTake(frame)) {
      this.#count.droppedFrames += 1;
      return false;
    }
    if (frame.keyFrame) this.#keyFrameSequence = this.#sequence;
    const payloads = h264Payloads(frame.data, MAX_RTP_PACKET_BYTES - RTP_HEADER_BYTES);
    const packets = payloads.map((payload, index) => {
      const sequence = this.#sequence;
      this.#sequence = (this.#sequence + 1) & 0xffff;
      const { payloadType, ssrc } = this.#deps;
      const timestamp = frame.rtpTimestamp;
      const marker = index === payloads.length - 1;
      return buildRtpPacket({ payloadType, marker, sequence, timestamp, ssrc }, payload);
    });
    if (frame.keyFrame) this.#keyFrameEnd = this.#sequence;
    this.#timestamp = frame.rtpTimestamp;
    this.#deps.transport.push(this, packets);
    this.#sendTwice(packets);
    return packets.length > 0;
  }

  send(packet: Buffer): void {
    this.#deps.send(packet);
  }

  leaving(packet: Buffer, nowMs: number): void {
    this.#count.bytes += packet.length;
    if (packet.readUInt32BE(8) !== this.#deps.ssrc) return;
    this.#history.remember(packet, nowMs);
    this.#newest = packet;
    this.#count.packets += 1;
    this.#count.octets += packet.length - RTP_HEADER_BYTES;
    this.#watchTail();
  }

  take(message: RtcpMessage, nowMs: number): void {
    switch (message.type) {
      case 'pli':
      case 'fir':
        this.#count.keyFrameRequests += 1;
        this.#deps.onKeyFrameWanted();
        break;
      case 'nack':
        this.#retransmit(message.sequences, nowMs);
        break;
      case 'receiver-report':
        this.#measureRoundTrip(message);
        break;
      default:
        break;
    }
  }

  padding(bytes: number): Buffer | undefined {
    if (!this.#rtx) return undefined;
    // The newest packet once more, if that is what is wanted: it may have got lost.
    if (this.#newest && bytes > 400) return this.#again(this.#newest, this.#rtx);
    return buildPaddingPacket(this.#rtx, this.#nextRtx(this.#rtx), this.#timestamp, bytes);
  }

  drained(): void {
    if (!this.#wishesKeyFrame) return;
    this.#wishesKeyFrame = false;
    const { clock, onKeyFrameWanted } = this.#deps;
    const nowMs = clock.monotonicMs();
    const isAgain = nowMs - this.#lastWishMs < WISH_AGAIN_MS;
    this.#wishDelayMs = isAgain ? Math.min(MOST_WISH_MS, Math.max(LEAST_WISH_MS, 2 * this.#wishDelayMs)) : 0;
    this.#lastWishMs = nowMs + this.#wishDelayMs;
    this.#cancelWish?.();
    if (this.#wishDelayMs === 0) onKeyFrameWanted();
    else {
      this.#cancelWish = clock.after(this.#wishDelayMs, () => {
        if (this.#awaitsKeyFrame) onKeyFrameWanted();
      });
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelReports();
    this.#cancelTail?.();
    this.#cancelWish?.();
  }

  /** The last key frame has not left as a whole. */
  get #isKeyFrameLeaving(): boolean {
    const newest = this.#newest?.readUInt16BE(2);
    return newest !== undefined && ((this.#keyFrameEnd - 1 - newest) << 16) >> 16 > 0;
  }

  #mayTake(frame: VideoFrame): boolean {
    const { transport } = this.#deps;
    if (transport.queueMs > (this.#isKeyFrameLeaving ? STALE_KEY_FRAME_MS : STALE_QUEUE_MS)) {
      // What was given up is missing to every picture before the next key frame.
      transport.clear(this);
      this.#awaitsKeyFrame = true;
      if (!frame.keyFrame) this.#deps.onKeyFrameWanted();
    } else if (transport.queueMs > FULL_QUEUE_MS) {
      this.#awaitsKeyFrame = true;
      this.#wishesKeyFrame = true;
      return false;
    }
    if (this.#awaitsKeyFrame && !frame.keyFrame) return false;
    this.#awaitsKeyFrame = false;
    return true;
  }

  #retransmit(sequences: readonly number[], nowMs: number): void {
    const { transport } = this.#deps;
    const { rttMs, targetBitrate } = transport.rate;
    const budgetBitrate = Math.max(targetBitrate / 2, 100_000);
    // What lies before the newest key frame nobody needs any more.
    const needed = sequences.filter((sequence) => this.#isSinceKeyFrame(sequence));
    if (this.#isLost(needed, nowMs)) {
      this.#beginAnew();
      return;
    }
    const packets = this.#history.take(needed, { nowMs, rttMs, budgetBitrate });
    this.#count.retransmitted += packets.length;
    const rtx = this.#rtx;
    if (rtx) {
      transport.push(
        this,
        packets.map((packet) => this.#again(packet, rtx)),
        true,
      );
      return;
    }
    for (const packet of packets) {
      this.#count.bytes += packet.length;
      transport.sendAsIs(this, packet);
    }
  }

  /** Without those packets nothing can be decoded, and a key frame is there sooner. */
  #isLost(sequences: readonly number[], nowMs: number): boolean {
    const takesMs = this.#deps.transport.timeOf(sequences.length * MAX_RTP_PACKET_BYTES);
    return takesMs > LONG_REPAIR_MS || this.#history.firstGivenUp(sequences, nowMs) !== undefined;
  }

  #isSinceKeyFrame(sequence: number): boolean {
    return this.#keyFrameSequence !== undefined && ((sequence - this.#keyFrameSequence) << 16) >> 16 >= 0;
  }

  #beginAnew(): void {
    if (this.#awaitsKeyFrame) return;
    this.#deps.transport.clear(this);
    this.#awaitsKeyFrame = true;
    this.#deps.onKeyFrameWanted();
  }

  /** A little later, so that one short disturbance does not take both. Pictures of film are worth it, key frames not. */
  #sendTwice(packets: readonly Buffer[]): void {
    const { transport, clock } = this.#deps;
    if (!this.#rtx || packets.length > MOST_TWICE || !transport.sendsTwice) return;
    clock.after(SECOND_MS, () => {
      const rtx = this.#rtx;
      if (!rtx || this.#isClosed) return;
      // What has not left yet cannot have been lost.
      const left = packets.filter((packet) => this.#hasLeft(packet));
      for (const packet of left) this.#history.sentAgain(packet, clock.monotonicMs());
      transport.push(
        this,
        left.map((packet) => this.#again(packet, rtx)),
      );
    });
  }

  #hasLeft(packet: Buffer): boolean {
    const newest = this.#newest?.readUInt16BE(2);
    return newest !== undefined && ((newest - packet.readUInt16BE(2)) << 16) >> 16 >= 0;
  }

  /** Sends the last packet of a picture once more when nothing follows it on a path that loses packets. */
  #watchTail(): void {
    if (!this.#rtx || this.#deps.transport.rate.lossRate < TAIL_LOSS) return;
    this.#cancelTail?.();
    this.#cancelTail = this.#deps.clock.after(TAIL_MS, () => {
      this.#cancelTail = undefined;
      if (!this.#rtx || !this.#newest) return;
      this.#deps.transport.push(this, [this.#again(this.#newest, this.#rtx)], true);
    });
  }

  #again(packet: Buffer, rtx: RtxStream & { sequence: number }): Buffer {
    return buildRtxPacket(packet, rtx, this.#nextRtx(rtx));
  }

  #nextRtx(rtx: { sequence: number }): number {
    const { sequence } = rtx;
    rtx.sequence = (sequence + 1) & 0xffff;
    return sequence;
  }

  #measureRoundTrip(report: Extract<RtcpMessage, { type: 'receiver-report' }>): void {
    if (report.ssrc !== this.#deps.ssrc || report.lastSenderReport === 0) return;
    const units =
      (compactNtp(this.#deps.clock.now()) - report.lastSenderReport - report.delaySinceLastSenderReport) | 0;
    const rttMs = units / 65.536;
    // A set clock between the two reports gives nonsense once.
    if (rttMs >= 0 && rttMs < 10_000) this.#deps.transport.rate.roundTrip(rttMs);
  }

  #report(): void {
    if (this.#count.packets === 0) return;
    const { clock, ssrc, cname, transport } = this.#deps;
    // While the screen stands still nobody needs one each second; now and then one keeps the round trip known.
    const nowMs = clock.monotonicMs();
    const isIdle = this.#reported?.packets === this.#count.packets;
    if (isIdle && nowMs - (this.#reported?.atMs ?? 0) < IDLE_REPORT_MS) return;
    this.#reported = { packets: this.#count.packets, atMs: nowMs };
    const rtpTimestamp = rtpTimestampOf(clock.monotonicMs());
    const { packets, octets } = this.#count;
    const report = { ssrc, unixMs: clock.now(), rtpTimestamp, packets, octets };
    transport.sendAsIs(this, encodeSenderReport(report, cname));
  }
}

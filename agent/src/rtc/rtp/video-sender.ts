import type { Clock } from '../../core/clock.ts';
import type { PacketResult, RateController } from '../rate/rate-controller.ts';
import { parseRtcp } from '../rtcp/parse-rtcp.ts';
import type { RtcpMessage } from '../rtcp/rtcp-message.ts';
import { compactNtp, encodeSenderReport } from '../rtcp/sender-report.ts';
import { h264Payloads } from './h264-payloads.ts';
import { PacketHistory } from './packet-history.ts';
import { PacketPacer } from './packet-pacer.ts';
import {
  buildRtpPacket,
  MAX_RTP_PACKET_BYTES,
  RTP_HEADER_BYTES,
  rtpTransportSequence,
  stampRtpPacket,
} from './rtp-packet.ts';
import { SentPackets } from './sent-packets.ts';

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
  readonly ssrc: number;
  readonly payloadType: number;
  readonly cname: string;
  readonly firstSequence: number;
  readonly rate: RateController;
  /** Hands one RTP or RTCP packet to the network. */
  readonly send: (packet: Buffer) => void;
  /** The receiver cannot go on without a key frame. */
  readonly onKeyFrameWanted: () => void;
  readonly onTargetBitrate: (bitsPerSecond: number) => void;
}

/** Older than this in the queue, a picture is not worth sending: begin again with a key frame. */
const STALE_QUEUE_MS = 500;
const REPORT_MS = 1000;
const TICK_MS = 250;
/** Changes of the target smaller than this are not worth telling the encoder. */
const TELL_CHANGE = 0.03;

/** The RTP clock at a monotonic time (90 kHz, wraps). */
export function rtpTimestampOf(monotonicMs: number): number {
  return Math.round(monotonicMs * 90) >>> 0;
}

/** Everything that one peer's video needs between the encoder and the network. */
export class VideoSender {
  readonly #deps: VideoSenderDeps;
  readonly #history = new PacketHistory();
  readonly #sent = new SentPackets();
  readonly #pacer: PacketPacer;
  readonly #cancels: (() => void)[];
  #sequence: number;
  #transportSequence = 0;
  #awaitsKeyFrame = true;
  #toldBitrate: number;
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
    this.#toldBitrate = deps.rate.targetBitrate;
    this.#pacer = new PacketPacer({
      clock: deps.clock,
      bitrate: deps.rate.pacingBitrate,
      send: (packet) => this.#transmit(packet),
    });
    this.#cancels = [
      deps.clock.every(REPORT_MS, () => this.#report()),
      deps.clock.every(TICK_MS, () => this.#tick()),
    ];
  }

  get stats(): VideoStats {
    const { octets: _, ...count } = this.#count;
    return { ...count, targetBitrate: this.#deps.rate.targetBitrate, rttMs: this.#deps.rate.rttMs };
  }

  /** Sends one picture; false when it was left out because the receiver could not use it. */
  sendFrame(frame: VideoFrame): boolean {
    if (!this.#mayTake(frame)) {
      this.#count.droppedFrames += 1;
      return false;
    }
    const payloads = h264Payloads(frame.data, MAX_RTP_PACKET_BYTES - RTP_HEADER_BYTES);
    const packets = payloads.map((payload, index) => {
      const sequence = this.#sequence;
      this.#sequence = (this.#sequence + 1) & 0xffff;
      const { payloadType, ssrc } = this.#deps;
      const timestamp = frame.rtpTimestamp;
      const marker = index === payloads.length - 1;
      return buildRtpPacket({ payloadType, marker, sequence, timestamp, ssrc }, payload);
    });
    this.#pacer.push(packets);
    return packets.length > 0;
  }

  /** Takes what the receiver sent on the track. */
  receiveRtcp(compound: Buffer): void {
    const nowMs = this.#deps.clock.monotonicMs();
    for (const message of parseRtcp(compound)) this.#take(message, nowMs);
    this.#tellBitrate();
  }

  close(): void {
    for (const cancel of this.#cancels) cancel();
    this.#pacer.clear();
  }

  #mayTake(frame: VideoFrame): boolean {
    if (this.#pacer.delayMs > STALE_QUEUE_MS) {
      this.#pacer.clear();
      this.#awaitsKeyFrame = true;
      if (!frame.keyFrame) this.#deps.onKeyFrameWanted();
    }
    if (this.#awaitsKeyFrame && !frame.keyFrame) return false;
    this.#awaitsKeyFrame = false;
    return true;
  }

  #transmit(packet: Buffer): void {
    const nowMs = this.#deps.clock.monotonicMs();
    const transportSequence = this.#transportSequence;
    this.#transportSequence = (this.#transportSequence + 1) & 0xffff;
    stampRtpPacket(packet, { sendTimeMs: nowMs, transportSequence });
    this.#history.remember(packet, nowMs);
    this.#sent.add(transportSequence, packet.length, nowMs);
    this.#deps.rate.packetSent(packet.length, nowMs);
    this.#count.packets += 1;
    this.#count.bytes += packet.length;
    this.#count.octets += packet.length - RTP_HEADER_BYTES;
    this.#deps.send(packet);
  }

  #take(message: RtcpMessage, nowMs: number): void {
    switch (message.type) {
      case 'pli':
      case 'fir':
        this.#count.keyFrameRequests += 1;
        this.#deps.onKeyFrameWanted();
        break;
      case 'nack':
        this.#retransmit(message.sequences, nowMs);
        break;
      case 'remb':
        this.#deps.rate.receiverEstimate(message.bitrate, nowMs);
        break;
      case 'receiver-report':
        this.#measureRoundTrip(message);
        break;
      case 'transport-feedback':
        this.#deps.rate.transportFeedback(this.#resultsOf(message.packets), nowMs);
        break;
    }
  }

  #retransmit(sequences: readonly number[], nowMs: number): void {
    const { rttMs, targetBitrate } = this.#deps.rate;
    const budgetBitrate = Math.max(targetBitrate / 4, 200_000);
    for (const packet of this.#history.take(sequences, { nowMs, rttMs, budgetBitrate })) {
      this.#sent.markSentAgain(rtpTransportSequence(packet));
      this.#count.retransmitted += 1;
      this.#count.bytes += packet.length;
      this.#deps.send(packet);
    }
  }

  #measureRoundTrip(report: Extract<RtcpMessage, { type: 'receiver-report' }>): void {
    if (report.ssrc !== this.#deps.ssrc || report.lastSenderReport === 0) return;
    const units =
      (compactNtp(this.#deps.clock.now()) - report.lastSenderReport - report.delaySinceLastSenderReport) | 0;
    const rttMs = units / 65.536;
    // A set clock between the two reports gives nonsense once.
    if (rttMs >= 0 && rttMs < 10_000) this.#deps.rate.roundTrip(rttMs);
  }

  #resultsOf(packets: readonly { sequence: number; arrivedMs: number | null }[]): PacketResult[] {
    const results: PacketResult[] = [];
    for (const { sequence, arrivedMs } of packets) {
      const sent = this.#sent.get(sequence);
      if (sent) results.push({ sentAtMs: sent.sentAtMs, bytes: sent.bytes, arrivedMs });
    }
    return results;
  }

  #report(): void {
    if (this.#count.packets === 0) return;
    const { clock, ssrc, cname, send } = this.#deps;
    const rtpTimestamp = rtpTimestampOf(clock.monotonicMs());
    const { packets, octets } = this.#count;
    send(encodeSenderReport({ ssrc, unixMs: clock.now(), rtpTimestamp, packets, octets }, cname));
  }

  #tick(): void {
    this.#deps.rate.tick(this.#deps.clock.monotonicMs());
    this.#tellBitrate();
  }

  #tellBitrate(): void {
    const { targetBitrate, pacingBitrate } = this.#deps.rate;
    this.#pacer.setBitrate(pacingBitrate);
    if (Math.abs(targetBitrate - this.#toldBitrate) < TELL_CHANGE * this.#toldBitrate) return;
    this.#toldBitrate = targetBitrate;
    this.#deps.onTargetBitrate(targetBitrate);
  }
}

import type { Clock } from '../../core/clock.ts';
import { CONTROLLER_TICK_MS, type PacketResult, type RateController } from '../rate/rate-controller.ts';
import { parseRtcp } from '../rtcp/parse-rtcp.ts';
import type { RtcpMessage } from '../rtcp/rtcp-message.ts';
import { type PacedPacket, PacketPacer } from './packet-pacer.ts';
import { stampRtpPacket } from './rtp-packet.ts';
import { SentPackets } from './sent-packets.ts';

/** One track's part of a transport. */
export interface RtpSource {
  /** Its streams, the retransmission stream among them. */
  readonly ssrcs: readonly number[];
  /** Hands one packet to the network. */
  send(packet: Buffer): void;
  /** A packet of its own is about to leave. */
  leaving(packet: Buffer, nowMs: number): void;
  /** Takes feedback on one of its streams. */
  take(message: RtcpMessage, nowMs: number): void;
  /** Something of about so many bytes that the receiver will bear; undefined when there is nothing. */
  padding(bytes: number): Buffer | undefined;
  /** Everything that waited has left. */
  drained(): void;
}

export interface MediaTransportDeps {
  readonly clock: Clock;
  readonly rate: RateController;
  readonly onTargetBitrate: (bitsPerSecond: number) => void;
  /** What waited has left: another picture may come. */
  readonly onDrained: () => void;
}

/** SRTP's tag, UDP and IPv4: what the path carries beside each packet. */
export const WIRE_OVERHEAD_BYTES = 16 + 8 + 20;
/** With nothing under way for so long, the controller has little to watch. */
const IDLE_AFTER_MS = 1000;
const IDLE_TICK_MS = 500;
const UNANSWERED_MS = 300;
const LOSSY_FROM = 0.03;
const LOSSY_UNTIL = 0.01;
const WHOLE_PACKET_BYTES = 1200;
/** Changes of the target smaller than this are not worth telling. */
const TELL_CHANGE = 0.03;

/**
 * What the tracks of one peer share, because they share a path: transport-wide numbers, the rate controller, the
 * pacer, and the feedback that comes for all of them on any.
 */
export class MediaTransport {
  readonly #deps: MediaTransportDeps;
  readonly #sources: RtpSource[] = [];
  readonly #sent = new SentPackets();
  readonly #pacer: PacketPacer<RtpSource>;
  #cancelTick = (): void => {};
  #isIdle = false;
  #isClosed = false;
  #isAnswered = false;
  #isLossy = false;
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #transportSequence = 0;
  #toldBitrate: number;

  constructor(deps: MediaTransportDeps) {
    this.#deps = deps;
    this.#toldBitrate = deps.rate.targetBitrate;
    this.#pacer = new PacketPacer<RtpSource>({
      clock: deps.clock,
      pacing: deps.rate,
      inFlightBytes: () => this.#sent.inFlightBytes,
      send: (packet, probe) => this.#send(packet, probe),
      fill: (bytes) => this.#fill(bytes),
      onDrained: () => this.#drained(),
    });
    this.#tickAgain();
  }

  get rate(): RateController {
    return this.#deps.rate;
  }

  /** How long so much takes to leave. */
  timeOf(bytes: number): number {
    return (bytes * 8000) / this.#deps.rate.pacingBitrate;
  }

  /** Tells what the path is taken to carry now. */
  tellBitrate(): void {
    this.#toldBitrate = this.#usableBitrate;
    this.#deps.onTargetBitrate(this.#toldBitrate);
  }

  /**
   * Whether every packet is worth sending twice: where one in thirty gets lost, most pictures would wait a round trip
   * for a part of them.
   */
  get sendsTwice(): boolean {
    const { lossRate } = this.#deps.rate;
    this.#isLossy = lossRate > (this.#isLossy ? LOSSY_UNTIL : LOSSY_FROM);
    return this.#isLossy;
  }

  get #usableBitrate(): number {
    return this.#deps.rate.targetBitrate * (this.sendsTwice ? 0.5 : 1);
  }

  /** How long until what waits has left. */
  get queueMs(): number {
    return this.#pacer.delayMs;
  }

  add(source: RtpSource): void {
    this.#sources.push(source);
  }

  push(source: RtpSource, packets: readonly Buffer[], isUrgent = false): void {
    this.#pacer.push(
      packets.map((packet) => ({ source, packet })),
      isUrgent,
    );
    this.#startProbe();
  }

  /** Sends without a number of its own and out of turn: sender reports, and copies that may not change. */
  sendAsIs(source: RtpSource, packet: Buffer): void {
    source.send(packet);
  }

  clear(source: RtpSource): void {
    this.#pacer.clear(source);
  }

  /**
   * Takes what the receiver sent. The same packet may come in on several tracks: reports count once, and what is
   * asked twice is answered once by the limits that hold anyway.
   */
  receiveRtcp(compound: Buffer): void {
    const nowMs = this.#deps.clock.monotonicMs();
    for (const message of parseRtcp(compound)) this.#take(message, nowMs);
    this.#tellBitrate();
    this.#startProbe();
    this.#pacer.drain();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTick();
    this.#pacer.close();
  }

  #take(message: RtcpMessage, nowMs: number): void {
    switch (message.type) {
      case 'remb':
        this.#deps.rate.receiverEstimate(message.bitrate, nowMs);
        break;
      case 'transport-feedback':
        this.#report(message.packets, nowMs);
        break;
      default:
        this.#sourceOf(message.ssrc)?.take(message, nowMs);
        break;
    }
  }

  #sourceOf(ssrc: number): RtpSource | undefined {
    const named = this.#sources.find((source) => source.ssrcs.includes(ssrc));
    return named ?? (this.#sources.length === 1 ? this.#sources[0] : undefined);
  }

  #report(packets: readonly { sequence: number; arrivedMs: number | null }[], nowMs: number): void {
    const results: PacketResult[] = [];
    const [first] = packets;
    if (!first) return;
    for (const { sequence, arrivedMs } of packets) {
      const sent = this.#sent.take(sequence);
      if (sent) results.push({ sentAtMs: sent.sentAtMs, bytes: sent.bytes, probe: sent.probe, arrivedMs });
    }
    if (results.length === 0) return;
    this.#isAnswered = true;
    this.#sent.giveUpBefore(first.sequence);
    this.#deps.rate.transportFeedback(results, nowMs);
  }

  #send({ source, packet }: PacedPacket<RtpSource>, probe: number | undefined): void {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#lastSentMs = nowMs;
    if (this.#isIdle) this.#tickAgain();
    const sequence = this.#transportSequence;
    this.#transportSequence = (sequence + 1) & 0xffff;
    stampRtpPacket(packet, { sendTimeMs: nowMs, transportSequence: sequence });
    source.leaving(packet, nowMs);
    const bytes = packet.length + WIRE_OVERHEAD_BYTES;
    this.#sent.add({ sequence, bytes, sentAtMs: nowMs, probe });
    this.#deps.rate.packetSent(bytes, nowMs);
    source.send(packet);
  }

  #fill(bytes: number): PacedPacket<RtpSource> | undefined {
    for (const source of this.#sources) {
      const packet = source.padding(bytes);
      if (packet) return { source, packet };
    }
    return undefined;
  }

  #startProbe(): void {
    if (this.#pacer.isProbing) return;
    const probe = this.#deps.rate.takeProbe(this.#deps.clock.monotonicMs());
    if (probe) this.#pacer.startProbe(probe);
  }

  #drained(): void {
    for (const source of this.#sources) source.drained();
    this.#deps.onDrained();
  }

  #tick(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#sent.giveUpOld(nowMs);
    this.#deps.rate.tick(nowMs, this.#sent.inFlightBytes);
    this.#tellBitrate();
    this.#startProbe();
    this.#pacer.drain();
    this.#askAgain(nowMs);
    const isIdle = this.#sent.inFlightBytes === 0 && nowMs - this.#lastSentMs > IDLE_AFTER_MS;
    this.#tickAgain(isIdle && !this.#pacer.isProbing && this.#pacer.delayMs === 0);
  }

  /**
   * The receiver does not miss a last packet, nor one that was sent into a dead path: the newest is sent once more
   * until it is answered. Its arrival shows what lacks before it, and that the path is there.
   */
  #askAgain(nowMs: number): void {
    // There are receivers that never answer.
    if (!this.#isAnswered || this.#sent.inFlightBytes === 0 || this.#pacer.delayMs > 0) return;
    if (nowMs - this.#lastSentMs < UNANSWERED_MS + this.#deps.rate.rttMs) return;
    const again = this.#fill(WHOLE_PACKET_BYTES);
    if (again) this.#pacer.push([again], true);
  }

  /** A still screen sends nothing for minutes; a timer of 25 ms would be most of what that costs. */
  #tickAgain(isIdle = false): void {
    this.#cancelTick();
    if (this.#isClosed) return;
    this.#isIdle = isIdle;
    this.#cancelTick = this.#deps.clock.after(isIdle ? IDLE_TICK_MS : CONTROLLER_TICK_MS, () => this.#tick());
  }

  #tellBitrate(): void {
    if (Math.abs(this.#usableBitrate - this.#toldBitrate) < TELL_CHANGE * this.#toldBitrate) return;
    this.tellBitrate();
  }
}

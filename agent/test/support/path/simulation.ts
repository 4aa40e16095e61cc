import type { RateController } from '../../../src/rtc/rate/rate-controller.ts';
import { MediaTransport, type RtpSource, WIRE_OVERHEAD_BYTES } from '../../../src/rtc/rtp/media-transport.ts';
import { buildRtpPacket, rtpTransportSequence } from '../../../src/rtc/rtp/rtp-packet.ts';
import { seededRandom } from '../seeded-random.ts';
import { EventClock } from './event-clock.ts';
import { type LinkSettings, SimulatedLink } from './simulated-link.ts';
import { encodeTransportFeedback } from './transport-feedback.ts';

/** How much a source has to send now, in bytes of one picture; 0 for nothing. Asked each time a picture could be made. */
export type Demand = (timeMs: number, targetBitrate: number, random: () => number) => number;

export interface SimulationOptions {
  readonly link: LinkSettings;
  readonly controller: RateController;
  readonly seed?: number;
  readonly demand?: Demand;
  readonly fps?: number;
  readonly feedbackMs?: number;
  /** Now and then the receiver does not look at its socket for up to so long. */
  readonly stallMs?: number;
}

const MAX_PAYLOAD = 1172;
/** A picture is not made while so much waits in front of it. */
const HOLD_MS = 5;

/** As much as the target allows, each picture a little different. */
export const GREEDY: Demand = (_timeMs, targetBitrate, random) =>
  ((targetBitrate * 0.95) / 8 / 30) * (0.7 + 0.6 * random());

/** A peer that sends pictures over a line which the test describes, to a receiver that reports as browsers do. */
export class Simulation {
  readonly clock = new EventClock();
  readonly link: SimulatedLink;
  readonly back: SimulatedLink;
  readonly controller: RateController;
  readonly transport: MediaTransport;
  readonly random: () => number;
  readonly delivered: { readonly atMs: number; readonly bytes: number }[] = [];
  readonly startMs: number;
  readonly #stallMs: number;
  #stalledUntilMs = 0;
  #framesSent = 0;
  #timestamp = 0;
  readonly #source: RtpSource;
  readonly #arrivals = new Map<number, number>();
  #nextReported = 0;
  #highest = -1;
  #reports = 0;

  constructor(options: SimulationOptions) {
    const { link, controller, seed = 1, demand = GREEDY, fps = 30, feedbackMs = 50 } = options;
    this.random = seededRandom(seed);
    this.#stallMs = options.stallMs ?? 0;
    this.controller = controller;
    this.link = new SimulatedLink(this.clock, link, this.random);
    this.back = new SimulatedLink(
      this.clock,
      { rate: 1e9, delayMs: link.delayMs, queueMs: 1e6 },
      this.random,
    );
    this.startMs = this.clock.monotonicMs();
    this.transport = new MediaTransport({
      clock: this.clock,
      rate: controller,
      onTargetBitrate: () => {},
      onDrained: () => {},
    });
    this.#source = this.#createSource();
    this.transport.add(this.#source);
    this.clock.every(1000 / fps, () => this.#picture(demand));
    this.clock.every(feedbackMs, () => this.#report());
  }

  get timeMs(): number {
    return this.clock.monotonicMs() - this.startMs;
  }

  get framesSent(): number {
    return this.#framesSent;
  }

  run(ms: number): this {
    this.clock.run(ms);
    return this;
  }

  /** Bits per second that arrived in the time from then to now. */
  deliveredBitrate(fromMs: number): number {
    const from = this.startMs + fromMs;
    let bytes = 0;
    for (const one of this.delivered) if (one.atMs >= from) bytes += one.bytes;
    return (bytes * 8000) / (this.timeMs - fromMs);
  }

  /** A quantile of the time that packets waited in front of the bottleneck since then. */
  waitMs(quantile: number, fromMs = 0, toMs = Number.POSITIVE_INFINITY): number {
    const waits = this.link.waits
      .filter((one) => one.atMs >= this.startMs + fromMs && one.atMs <= this.startMs + toMs)
      .map((one) => one.waitMs)
      .sort((a, b) => a - b);
    return waits[Math.min(waits.length - 1, Math.floor(quantile * waits.length))] ?? 0;
  }

  #picture(demand: Demand): void {
    if (this.transport.queueMs > HOLD_MS) return;
    const bytes = demand(this.timeMs, this.controller.targetBitrate, this.random);
    if (bytes <= 0) return;
    this.#framesSent += 1;
    this.#timestamp += 3000;
    const packets: Buffer[] = [];
    for (let left = bytes; left > 0; left -= MAX_PAYLOAD) {
      packets.push(this.#packet(Math.min(MAX_PAYLOAD, Math.ceil(left))));
    }
    this.transport.push(this.#source, packets);
  }

  #packet(bytes: number): Buffer {
    const fields = { payloadType: 102, marker: false, sequence: 0, timestamp: this.#timestamp, ssrc: 1 };
    return buildRtpPacket(fields, [Buffer.alloc(bytes)]);
  }

  #createSource(): RtpSource {
    return {
      ssrcs: [1],
      send: (packet) => {
        const sequence = rtpTransportSequence(packet);
        const bytes = packet.length + WIRE_OVERHEAD_BYTES;
        this.link.send(bytes, () => this.#arrived(sequence, bytes));
      },
      leaving: () => {},
      take: () => {},
      padding: (bytes) => this.#packet(bytes > 400 ? MAX_PAYLOAD : Math.min(255, Math.ceil(bytes))),
      drained: () => {},
    };
  }

  #arrived(sequence: number, bytes: number): void {
    const nowMs = this.clock.monotonicMs();
    if (this.#stallMs > 0 && nowMs > this.#stalledUntilMs && this.random() < 0.05) {
      this.#stalledUntilMs = nowMs + this.#stallMs * this.random();
    }
    const waitMs = this.#stalledUntilMs - nowMs;
    if (waitMs > 0) this.clock.after(waitMs, () => this.#read(sequence, bytes));
    else this.#read(sequence, bytes);
  }

  #read(sequence: number, bytes: number): void {
    const atMs = this.clock.monotonicMs();
    this.delivered.push({ atMs, bytes });
    // Extended, so that the wrap does not matter here.
    let extended = (Math.max(0, this.#highest) & ~0xffff) + sequence;
    if (extended < this.#highest - 32_768) extended += 65_536;
    this.#highest = Math.max(this.#highest, extended);
    this.#arrivals.set(extended, atMs - this.startMs + 5_000_000);
  }

  #report(): void {
    if (this.#highest < this.#nextReported) return;
    const arrivals: (number | null)[] = [];
    for (let at = this.#nextReported; at <= this.#highest; at += 1) {
      arrivals.push(this.#arrivals.get(at) ?? null);
      this.#arrivals.delete(at);
    }
    const base = this.#nextReported & 0xffff;
    this.#nextReported = this.#highest + 1;
    this.#reports += 1;
    const packet = encodeTransportFeedback(base, arrivals, this.#reports);
    this.back.send(packet.length + 50, () => this.transport.receiveRtcp(packet));
  }
}

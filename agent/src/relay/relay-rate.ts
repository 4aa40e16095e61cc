import { RELAY_PIECE_BYTES } from '@guruconnect/shared';
import { ByteRate } from '../rtc/rate/byte-rate.ts';
import { DeliveryRate } from './delivery-rate.ts';
import { WindowedMinimum } from './windowed-minimum.ts';

export interface RelayRateOptions {
  readonly startBitrate: number;
  readonly floorBitrate: number;
  readonly ceilingBitrate: number;
}

/** Paths that need a relay are seldom wide; growth finds the others. */
export const RELAY_RATES: RelayRateOptions = {
  startBitrate: 4_000_000,
  floorBitrate: 150_000,
  ceilingBitrate: 20_000_000,
};

interface Mark {
  /** Total sent when this packet had been. */
  readonly total: number;
  readonly sentMs: number;
}

const GUESSED_RTT_MS = 50;
/** How long the path may queue beyond its round trip: enough to keep it busy, little to wait for. */
const STANDING_QUEUE_MS = 60;
const MIN_WINDOW_BYTES = 6_144;
const PIECE_MS = 30;
const MIN_PIECE_BYTES = 1_200;
const MAX_WINDOW_BYTES = 4_194_304;
/** Mean queueing above this, for so long, means that more is sent than passes. */
const OVERUSE_MS = 50;
const OVERUSE_LASTS_MS = 100;
const FREE_MS = 25;
const AFTER_CUT = 0.85;
/** The window keeps the queue short whatever the target is, so that it may grow boldly. */
const GROWTH_PER_S = 0.35;
/** The clocks of the two ends drift apart, and paths change. */
const MINIMUM_WINDOW_MS = 10_000;

/**
 * How fast a reliable ordered path may be sent to, from reports of how much has arrived. The path loses nothing: what
 * is too much waits somewhere on the way, so delay and what is under way are all there is to go by.
 */
export class RelayRate {
  readonly #options: RelayRateOptions;
  readonly #delivery: DeliveryRate;
  readonly #sentRate = new ByteRate();
  readonly #marks: Mark[] = [];
  readonly #rtt = new WindowedMinimum(MINIMUM_WINDOW_MS);
  /** One-way delay plus the unknown difference of the two clocks. */
  readonly #delay = new WindowedMinimum(MINIMUM_WINDOW_MS);
  #sent = 0;
  #acked = 0;
  #target: number;
  #lastCutMs = Number.NEGATIVE_INFINITY;
  #lastAckMs: number | undefined;
  #overusedSinceMs: number | undefined;

  constructor(options: RelayRateOptions) {
    this.#options = options;
    this.#target = options.startBitrate;
    this.#delivery = new DeliveryRate(options.startBitrate);
  }

  /** What the encoder may make, in bits per second. */
  get targetBitrate(): number {
    return this.#target;
  }
  /** What the path carries, as far as it was tried. */
  get pathBitrate(): number {
    return this.#delivery.bitrate;
  }
  /** The lowest round trip of the last ten seconds in ms; a guess until one was measured. */
  get rttMs(): number {
    return this.#rtt.lowest ?? GUESSED_RTT_MS;
  }
  get inFlightBytes(): number {
    return this.#sent - this.#acked;
  }
  /** Large pieces are not handed to the network while so much is under way. */
  get windowBytes(): number {
    const bytes = (this.#delivery.bitrate / 8_000) * (this.rttMs + STANDING_QUEUE_MS);
    return Math.min(MAX_WINDOW_BYTES, Math.max(MIN_WINDOW_BYTES, bytes));
  }
  /** How large a piece of a picture may be: others wait for it. */
  get pieceBytes(): number {
    const bytes = Math.round((this.#delivery.bitrate / 8_000) * PIECE_MS);
    return Math.min(RELAY_PIECE_BYTES, Math.max(MIN_PIECE_BYTES, bytes));
  }
  /** How long `queuedBytes` of ours and what is under way will take, beyond what the path holds anyway. */
  queueMs(queuedBytes: number): number {
    if (queuedBytes === 0 && this.inFlightBytes <= this.windowBytes) return 0;
    const pathBytes = (this.#delivery.bitrate / 8_000) * this.rttMs;
    return (8_000 * Math.max(0, queuedBytes + this.inFlightBytes - pathBytes)) / this.#delivery.bitrate;
  }

  /** A packet was handed to the network; `isMoreWaiting` when the path, not the encoder, is the limit. */
  packetSent(bytes: number, isMoreWaiting: boolean, nowMs: number): void {
    const wasIdle = this.inFlightBytes === 0;
    this.#sent += bytes;
    this.#sentRate.add(bytes, nowMs);
    this.#marks.push({ total: this.#sent, sentMs: nowMs });
    this.#delivery.sent({ total: this.#sent, acked: this.#acked, wasIdle, isMoreWaiting }, nowMs);
  }

  /**
   * The receiver has got so many bytes in all (it counts to 2^32), the last of them at `atMs` of its clock. Reports of
   * what was never sent say nothing.
   */
  acknowledged(receivedBytes: number, atMs: number, nowMs: number): void {
    const news = (receivedBytes - this.#acked) >>> 0;
    if (news === 0 || news > this.inFlightBytes || !Number.isFinite(atMs)) return;
    this.#acked += news;
    const newest = this.#takeMarks();
    this.#delivery.acked(this.#acked, nowMs);
    if (!newest) return;
    this.#rtt.add(Math.max(0, nowMs - newest.sentMs), nowMs);
    const delayMs = atMs - newest.sentMs;
    this.#delay.add(delayMs, nowMs);
    this.#decide(delayMs - (this.#delay.lowest ?? delayMs), nowMs);
  }

  #takeMarks(): Mark | undefined {
    let newest: Mark | undefined;
    while (this.#marks[0] && this.#marks[0].total <= this.#acked) newest = this.#marks.shift();
    return newest;
  }

  #decide(queueingMs: number, nowMs: number): void {
    const sinceMs = Math.min(200, nowMs - (this.#lastAckMs ?? nowMs));
    this.#lastAckMs = nowMs;
    if (queueingMs < OVERUSE_MS) this.#overusedSinceMs = undefined;
    else this.#overusedSinceMs ??= nowMs;
    const overusedMs = nowMs - (this.#overusedSinceMs ?? nowMs);
    if (overusedMs >= OVERUSE_LASTS_MS) this.#cut(nowMs);
    else if (queueingMs < FREE_MS) this.#grow(sinceMs, nowMs);
  }

  #cut(nowMs: number): void {
    if (nowMs - this.#lastCutMs < this.rttMs + 200) return;
    const reduced = Math.max(this.#options.floorBitrate, AFTER_CUT * this.#delivery.bitrate);
    if (reduced >= this.#target) return;
    this.#lastCutMs = nowMs;
    this.#target = reduced;
  }

  #grow(elapsedMs: number, nowMs: number): void {
    // A rate that nothing uses has not been shown to fit.
    if (this.#sentRate.bitrate(nowMs) < 0.5 * this.#target) return;
    const grown = this.#target * (1 + (GROWTH_PER_S * elapsedMs) / 1000);
    this.#target = Math.min(this.#options.ceilingBitrate, grown);
  }
}

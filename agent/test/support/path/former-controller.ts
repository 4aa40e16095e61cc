import { ByteRate } from '../../../src/rtc/rate/byte-rate.ts';
import { DelayBaseline } from '../../../src/rtc/rate/delay-baseline.ts';
import type { PacketResult, Probe, RateController } from '../../../src/rtc/rate/rate-controller.ts';

const START_BITRATE = 6_000_000;
const FLOOR_BITRATE = 300_000;
const CEILING_BITRATE = 20_000_000;

/** Above this mean queueing delay the path is over-used, below the other it is free. */
const OVERUSE_MS = 60;
const FREE_MS = 30;
const SEVERE_MS = 300;
const OVERUSE_LOSS = 0.1;
const FREE_LOSS = 0.02;
/** Fewer results than this say nothing about loss. */
const LOSS_SAMPLE = 20;
const LOSS_WINDOW_MS = 500;
const GROWTH_PER_S = 0.08;
/** Back to what the path carried before the last cut. */
const RECOVERY_PER_S = 0.5;
const SILENCE_MS = 1000;
const LOCAL_PACING = 200_000_000;
const CALM_MS = 10_000;

/**
 * A simple control to compare with: grows a little while delay and loss are low and the rate is really used, cuts
 * below the delivered rate when packets queue or vanish, halves when feedback stops. No probes, no window.
 */
export class FormerController implements RateController {
  #target: number;
  #rttMs = 50;
  readonly #sent = new ByteRate();
  readonly #delivered = new ByteRate();
  readonly #baseline = new DelayBaseline();
  readonly #losses: { atMs: number; lost: number; total: number }[] = [];
  #lastCutMs = Number.NEGATIVE_INFINITY;
  #beforeCut = 0;
  #lastFeedbackMs: number | undefined;
  #overusedSinceMs: number | undefined;
  #unansweredSinceMs: number | undefined;

  constructor(options: { readonly startBitrate?: number } = {}) {
    this.#target = options.startBitrate ?? START_BITRATE;
  }

  get targetBitrate(): number {
    return this.#target;
  }

  get rttMs(): number {
    return this.#rttMs;
  }

  get pacingBitrate(): number {
    const calm = (this.#lastFeedbackMs ?? 0) - this.#lastCutMs > CALM_MS;
    return calm ? LOCAL_PACING : Math.max(2.5 * this.#target, 3_000_000);
  }

  get burstBytes(): number {
    return 48_000;
  }

  get windowBytes(): number {
    return Number.POSITIVE_INFINITY;
  }

  get lossRate(): number {
    return 0;
  }

  takeProbe(): Probe | undefined {
    return undefined;
  }

  packetSent(bytes: number, nowMs: number): void {
    this.#sent.add(bytes, nowMs);
    this.#unansweredSinceMs ??= nowMs;
  }

  roundTrip(rttMs: number): void {
    this.#rttMs = Math.max(1, rttMs);
  }

  roundTripAtMost(): void {}

  receiverEstimate(bitrate: number, nowMs: number): void {
    // Receivers cap their estimate near what is sent, so it only tells something when it lies below that.
    if (bitrate < this.#sent.bitrate(nowMs)) this.#cutTo(bitrate, nowMs);
  }

  transportFeedback(results: readonly PacketResult[], nowMs: number): void {
    const sinceLast = Math.min(200, nowMs - (this.#lastFeedbackMs ?? nowMs));
    this.#lastFeedbackMs = nowMs;
    this.#unansweredSinceMs = undefined;
    const queueingMs = this.#takeResults(results, nowMs);
    const loss = this.#lossRate(nowMs);
    if (this.#isOverused(queueingMs, nowMs)) this.#cutForDelay(queueingMs, nowMs);
    else if (loss > OVERUSE_LOSS) this.#cutForLoss(loss, nowMs);
    else if (queueingMs < FREE_MS && loss < FREE_LOSS) this.#grow(sinceLast, nowMs);
  }

  tick(nowMs: number): void {
    if (this.#unansweredSinceMs === undefined || nowMs - this.#unansweredSinceMs < SILENCE_MS) return;
    this.#unansweredSinceMs = nowMs;
    // Before the first report the receiver may simply not send any.
    if (this.#lastFeedbackMs !== undefined) this.#cutTo(this.#target / 2, nowMs);
  }

  /** Returns the mean queueing delay of the packets that arrived. */
  #takeResults(results: readonly PacketResult[], nowMs: number): number {
    let lost = 0;
    let delaySum = 0;
    for (const result of results) {
      if (result.arrivedMs === null) {
        lost += 1;
        continue;
      }
      this.#delivered.add(result.bytes, nowMs);
      delaySum += this.#baseline.queueingMs(result.arrivedMs - result.sentAtMs, nowMs);
    }
    this.#losses.push({ atMs: nowMs, lost, total: results.length });
    const arrived = results.length - lost;
    return arrived === 0 ? 0 : delaySum / arrived;
  }

  #lossRate(nowMs: number): number {
    while (this.#losses[0] && this.#losses[0].atMs < nowMs - LOSS_WINDOW_MS) this.#losses.shift();
    let lost = 0;
    let total = 0;
    for (const sample of this.#losses) {
      lost += sample.lost;
      total += sample.total;
    }
    return total < LOSS_SAMPLE ? 0 : lost / total;
  }

  /** One late report is a busy receiver; over-use lasts. */
  #isOverused(queueingMs: number, nowMs: number): boolean {
    if (queueingMs < OVERUSE_MS) {
      this.#overusedSinceMs = undefined;
      return false;
    }
    this.#overusedSinceMs ??= nowMs;
    return nowMs - this.#overusedSinceMs >= 100;
  }

  #cutForDelay(queueingMs: number, nowMs: number): void {
    if (nowMs - this.#lastCutMs < this.#rttMs + 200) return;
    const factor = queueingMs > SEVERE_MS ? 0.5 : 0.85;
    this.#cutTo(factor * Math.min(this.#target, this.#delivered.bitrate(nowMs)), nowMs);
  }

  #cutForLoss(loss: number, nowMs: number): void {
    if (nowMs - this.#lastCutMs < this.#rttMs + 300) return;
    this.#cutTo(this.#target * (1 - loss / 2), nowMs);
  }

  #cutTo(bitrate: number, nowMs: number): void {
    if (bitrate >= this.#target) return;
    this.#beforeCut = this.#target;
    this.#lastCutMs = nowMs;
    this.#target = Math.max(FLOOR_BITRATE, bitrate);
  }

  #grow(elapsedMs: number, nowMs: number): void {
    // A rate that nothing uses has not been shown to fit.
    if (this.#sent.bitrate(nowMs) < 0.5 * this.#target) return;
    const perSecond = this.#target < 0.9 * this.#beforeCut ? RECOVERY_PER_S : GROWTH_PER_S;
    this.#target = Math.min(CEILING_BITRATE, this.#target * (1 + (perSecond * elapsedMs) / 1000));
  }
}

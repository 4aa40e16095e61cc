import { Arrivals } from './arrivals.ts';
import { ByteRate } from './byte-rate.ts';
import { DelayTrend } from './delay-trend.ts';
import { LossLimit } from './loss-limit.ts';
import { LossTrial } from './loss-trial.ts';
import { PacketGroups } from './packet-groups.ts';
import { ProbePlanner } from './probe-planner.ts';
import { type ProbeResult, ProbeResults } from './probe-results.ts';
import type { PacketResult, Probe, RateController } from './rate-controller.ts';

export const START_BITRATE = 2_000_000;
/** On a path that may be long, but is not very long. */
const REGIONAL_START_BITRATE = 6_000_000;
const REGIONAL_MS = 30;
export const NEAR_START_BITRATE = 25_000_000;
export const FLOOR_BITRATE = 100_000;
export const CEILING_BITRATE = 60_000_000;

/** A path this short is a local network until it shows otherwise. */
const NEAR_MS = 8;
const NEAR_PACING = 200_000_000;
const NEAR_BURST_BYTES = 48_000;
const NEAR_CALM_MS = 10_000;
/** Between bursts of the encoder the path would stand idle at the target's own pace. */
const PACING = 1.25;
const DRAIN_PACING = 0.6;
const BURST_MS = 10;
const LEAST_BURST_BYTES = 2500;
/** A receiver that has not reported by then never will. */
const MUTE_MS = 800;
const START_WINDOW_BYTES = 32_000;
const LEAST_WINDOW_BYTES = 5000;
/** A queue that stands for so long is too much, whatever the trend says. */
const STANDING_MS = 80;
const STANDING_FOR_MS = 150;
/** Beside the time of a packet itself. */
const FREE_MS = 8;
const BUSY_MS = 4;
const PACKET_BITS = 1250 * 8;
const KEEP_OF_BUSY = 0.92;
const KEEP_OF_AVERAGE = 0.85;
/** Per second: towards what the path is known to carry, around it, and beyond. */
const GROWTH_BELOW = 0.5;
const GROWTH_BEYOND = 0.08;
const APP_LIMITED = 0.65;
const TRIAL_SHARE = 0.85;
const SILENCE_MS = 700;
const LONGEST_SILENCE_MS = 1500;

/**
 * Congestion control on transport-wide feedback after the Google congestion control draft
 * (draft-ietf-rmcat-gcc-02), with what a desktop needs beside it: most of the time it sends nothing, so capacity is
 * learnt from probes and from the pace at which queued packets leave rather than from a steady stream; and what is
 * on its way is bounded, so that a path that becomes narrow is noticed before much waits in front of it.
 */
export class PathController implements RateController {
  #target: number;
  /** What the path carried when that was last seen, undefined before. */
  #capacity: number | undefined;
  #rttMs = 50;
  #leastRttMs = Number.POSITIVE_INFINITY;
  #hasReportedRtt = false;
  #queueMs = 0;
  readonly #sent = new ByteRate(500);
  readonly #arrivals = new Arrivals();
  readonly #groups = new PacketGroups();
  readonly #trend = new DelayTrend();
  readonly #losses = new LossLimit();
  readonly #trial = new LossTrial();
  #beforeTrial = 0;
  readonly #probes = new ProbeResults();
  readonly #planner = new ProbePlanner(CEILING_BITRATE);
  #lastCutMs = Number.NEGATIVE_INFINITY;
  #lastLossCutMs = Number.NEGATIVE_INFINITY;
  #beforeLoss = 0;
  #firstSentMs: number | undefined;
  #lastFeedbackMs: number | undefined;
  #feedbackGapMs = 100;
  #standingSinceMs: number | undefined;
  #drainUntilMs = Number.NEGATIVE_INFINITY;
  #limitedAtMs = Number.NEGATIVE_INFINITY;
  #waitingSinceMs: number | undefined;
  #silent = false;
  #nowMs = 0;

  constructor(options: { readonly startBitrate?: number } = {}) {
    this.#target = options.startBitrate ?? START_BITRATE;
  }

  get targetBitrate(): number {
    return this.#target;
  }

  get rttMs(): number {
    return this.#rttMs;
  }

  get lossRate(): number {
    return this.#losses.rate(this.#nowMs);
  }

  /** How long packets queued on the way, of the last report. */
  get queueMs(): number {
    return this.#queueMs;
  }

  get pacingBitrate(): number {
    if (this.#isNear) return NEAR_PACING;
    const isDraining = this.#nowMs < this.#drainUntilMs;
    return Math.max(FLOOR_BITRATE / 2, (isDraining ? DRAIN_PACING : PACING) * this.#target);
  }

  get burstBytes(): number {
    if (this.#isNear) return NEAR_BURST_BYTES;
    return Math.max(LEAST_BURST_BYTES, Math.min(NEAR_BURST_BYTES, (this.pacingBitrate * BURST_MS) / 8000));
  }

  get windowBytes(): number {
    // Nothing answers: what is sent now is lost, but for what tells that the path is back.
    if (this.#silent) return 0;
    if (this.#isNear) return Number.POSITIVE_INFINITY;
    if (this.#lastFeedbackMs === undefined) {
      const isMute = this.#firstSentMs !== undefined && this.#nowMs - this.#firstSentMs > MUTE_MS;
      return isMute ? Number.POSITIVE_INFINITY : START_WINDOW_BYTES;
    }
    const roundMs = Math.min(this.#leastRttMs, 1000) + 1.5 * this.#feedbackGapMs + 50;
    return Math.max(LEAST_WINDOW_BYTES, (1.2 * this.#target * roundMs) / 8000);
  }

  get #packetMs(): number {
    return (PACKET_BITS * 1000) / this.#target;
  }

  get #freeMs(): number {
    return FREE_MS + 1.2 * this.#packetMs;
  }

  get #isNear(): boolean {
    const isCalm = this.#nowMs - this.#lastCutMs > NEAR_CALM_MS;
    return this.#leastRttMs < NEAR_MS && isCalm && this.#target >= 0.8 * NEAR_START_BITRATE;
  }

  packetSent(bytes: number, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#sent.add(bytes, nowMs);
    this.#waitingSinceMs ??= nowMs;
    this.#firstSentMs ??= nowMs;
    if (this.#sent.bitrate(nowMs) > APP_LIMITED * this.#target) this.#limitedAtMs = nowMs;
  }

  roundTrip(rttMs: number): void {
    this.#rttMs = Math.max(1, rttMs);
    this.#hasReportedRtt = true;
    this.#learnRtt(rttMs);
  }

  roundTripAtMost(rttMs: number): void {
    if (this.#lastFeedbackMs !== undefined) return;
    if (rttMs < REGIONAL_MS) this.#target = Math.max(this.#target, REGIONAL_START_BITRATE);
    this.#rttMs = Math.max(1, Math.min(this.#rttMs, rttMs));
    this.#learnRtt(rttMs);
  }

  receiverEstimate(bitrate: number, nowMs: number): void {
    // With transport feedback we know better; receivers without it cap their estimate near what is sent.
    if (this.#lastFeedbackMs !== undefined) return;
    if (bitrate < this.#sent.bitrate(nowMs)) this.#cutTo(bitrate, nowMs);
  }

  transportFeedback(results: readonly PacketResult[], nowMs: number): void {
    this.#nowMs = nowMs;
    const sinceMs = Math.min(250, nowMs - (this.#lastFeedbackMs ?? nowMs));
    if (sinceMs > 0) this.#feedbackGapMs += 0.2 * (sinceMs - this.#feedbackGapMs);
    this.#lastFeedbackMs = nowMs;
    this.#waitingSinceMs = undefined;
    if (this.#silent) this.#resume();
    else this.#countLosses(results, nowMs);
    this.#takeArrivals(results, nowMs);
    const probed = this.#probes.take(results, nowMs);
    if (probed) this.#takeProbe(probed, nowMs);
    this.#decide(sinceMs, nowMs);
  }

  tick(nowMs: number, inFlightBytes: number): void {
    this.#nowMs = nowMs;
    this.#probes.expire(nowMs);
    if (inFlightBytes === 0) this.#waitingSinceMs = undefined;
    if (inFlightBytes > 0.9 * this.windowBytes) this.#limitedAtMs = nowMs;
    // Before the first report the receiver may simply not send any.
    if (this.#waitingSinceMs === undefined || this.#lastFeedbackMs === undefined || this.#silent) return;
    const patienceMs = Math.min(LONGEST_SILENCE_MS, SILENCE_MS + 2 * this.#rttMs);
    if (nowMs - Math.max(this.#waitingSinceMs, this.#lastFeedbackMs) < patienceMs) return;
    this.#silent = true;
    this.#drainUntilMs = nowMs;
  }

  takeProbe(nowMs: number): Probe | undefined {
    if (this.#probes.isPending || this.#silent || this.#trial.sinceMs !== undefined) return undefined;
    const probe = this.#planner.next(
      {
        targetBitrate: this.#target,
        isCongested: this.#queueMs > 2 * this.#freeMs || nowMs < this.#drainUntilMs,
        isLimited: nowMs - this.#limitedAtMs < 500,
      },
      nowMs,
    );
    if (probe) this.#probes.begin(probe, nowMs);
    return probe;
  }

  #countLosses(results: readonly PacketResult[], nowMs: number): void {
    let lost = 0;
    let total = 0;
    const sinceMs = Math.max(this.#lastCutMs, this.#lastLossCutMs);
    const trialSinceMs = this.#trial.sinceMs;
    if (trialSinceMs !== undefined) {
      const inTrial = results.filter((one) => one.sentAtMs > trialSinceMs);
      this.#trial.count(inTrial.filter((one) => one.arrivedMs === null).length, inTrial.length);
    }
    for (const { arrivedMs, sentAtMs } of results) {
      if (sentAtMs < sinceMs) continue;
      total += 1;
      if (arrivedMs === null) lost += 1;
    }
    this.#losses.add(lost, total, nowMs);
  }

  #takeArrivals(results: readonly PacketResult[], nowMs: number): void {
    let newestSentMs = Number.NEGATIVE_INFINITY;
    let queueMs = 0;
    let arrived = 0;
    for (const { sentAtMs, arrivedMs, bytes } of results) {
      if (arrivedMs === null) continue;
      newestSentMs = Math.max(newestSentMs, sentAtMs);
      arrived += 1;
      queueMs += this.#arrivals.add({ sentAtMs, arrivedMs, bytes }, nowMs);
      const delta = this.#groups.add(sentAtMs, arrivedMs);
      if (delta) this.#trend.update(delta);
    }
    if (arrived === 0) return;
    this.#queueMs = queueMs / arrived;
    const rttMs = nowMs - newestSentMs;
    this.#learnRtt(rttMs);
    // The receiver waits before it reports: too long by that, but better than a guess.
    if (!this.#hasReportedRtt) this.#rttMs = Math.min(this.#rttMs, Math.max(1, rttMs));
  }

  #learnRtt(rttMs: number): void {
    const wasFar = this.#leastRttMs >= NEAR_MS;
    this.#leastRttMs = Math.min(this.#leastRttMs, rttMs);
    if (!wasFar || this.#leastRttMs >= NEAR_MS || Number.isFinite(this.#lastCutMs)) return;
    this.#target = Math.max(this.#target, NEAR_START_BITRATE);
  }

  #decide(sinceMs: number, nowMs: number): void {
    const isStanding = this.#isStanding(nowMs);
    const excess = this.#losses.excess(nowMs);
    if (this.#trend.usage === 'over' || isStanding) this.#cutForDelay(nowMs);
    else if (excess > 0) this.#cutForLoss(excess, nowMs);
    else if (this.#tryLess(nowMs)) return;
    else if (this.#queueMs < this.#freeMs && this.#trend.usage === 'normal') this.#grow(sinceMs, nowMs);
  }

  /** True while less is sent to see whether less is lost. */
  #tryLess(nowMs: number): boolean {
    switch (this.#trial.step(this.lossRate, nowMs - this.#limitedAtMs < 250, nowMs)) {
      case 'begin':
        this.#beforeTrial = this.#target;
        this.#target = Math.max(FLOOR_BITRATE, TRIAL_SHARE * this.#target);
        break;
      case 'ours':
        this.#capacity = this.#target;
        this.#lastCutMs = nowMs;
        this.#losses.forgetRecent(nowMs);
        break;
      case 'theirs':
        this.#target = this.#beforeTrial;
        break;
      default:
        break;
    }
    return this.#trial.sinceMs !== undefined;
  }

  #isStanding(nowMs: number): boolean {
    if (this.#queueMs < STANDING_MS) this.#standingSinceMs = undefined;
    else this.#standingSinceMs ??= nowMs;
    return this.#standingSinceMs !== undefined && nowMs - this.#standingSinceMs >= STANDING_FOR_MS;
  }

  /** What waits is let go first, then it goes on a little below what the path carries. */
  #cutForDelay(nowMs: number): void {
    if (nowMs - this.#lastCutMs < this.#rttMs + this.#feedbackGapMs) return;
    const busy = this.#arrivals.busyBitrate(BUSY_MS + this.#packetMs / 2);
    // Jitter without a queue, or late reports of what is far less than the path carries: nothing to cut for.
    const isLimited = this.#sent.bitrate(nowMs) > APP_LIMITED * this.#target;
    if (busy === undefined && (this.#queueMs < this.#freeMs || !isLimited)) return;
    const bitrate = busy === undefined ? KEEP_OF_AVERAGE * this.#arrivals.bitrate : KEEP_OF_BUSY * busy;
    this.#drainUntilMs = nowMs + Math.min(1000, this.#queueMs / (1 - DRAIN_PACING));
    if (bitrate >= this.#target) return;
    this.#capacity = busy ?? this.#capacity;
    this.#cutTo(bitrate, nowMs);
  }

  #cutForLoss(excess: number, nowMs: number): void {
    if (nowMs - this.#lastLossCutMs < this.#rttMs + 300) return;
    this.#lastLossCutMs = nowMs;
    this.#losses.forgetRecent(nowMs);
    this.#trial.abandon();
    this.#beforeLoss = this.#target;
    this.#target = Math.max(FLOOR_BITRATE, this.#target * (1 - (excess > 0.3 ? 0.8 : 0.5) * excess));
  }

  #cutTo(bitrate: number, nowMs: number): void {
    if (bitrate >= this.#target) return;
    this.#lastCutMs = nowMs;
    this.#losses.forgetRecent(nowMs);
    this.#trial.abandon();
    this.#target = Math.max(FLOOR_BITRATE, bitrate);
  }

  #grow(sinceMs: number, nowMs: number): void {
    // A rate that nothing uses has not been shown to fit.
    if (nowMs - this.#limitedAtMs > 250) return;
    const capacity = Math.max(this.#capacity ?? 0, 0.9 * this.#beforeLoss);
    let perSecond = GROWTH_BEYOND;
    if (this.#target < 0.85 * capacity) perSecond = GROWTH_BELOW;
    else if (this.#target < 1.05 * capacity) {
      // A packet in a response time, as the draft has it near convergence.
      perSecond = (1200 * 8 * 1000) / (this.#rttMs + 100) / this.#target;
    }
    perSecond = Math.min(GROWTH_BELOW, perSecond);
    this.#target = Math.min(CEILING_BITRATE, this.#target * (1 + (perSecond * sinceMs) / 1000));
  }

  #takeProbe({ probe, bitrate }: ProbeResult, nowMs: number): void {
    this.#planner.measured(probe, bitrate);
    const isFilled = bitrate < 0.85 * probe.bitrate;
    if (isFilled) this.#capacity = bitrate;
    const fits = Math.min(CEILING_BITRATE, (isFilled ? KEEP_OF_BUSY : 0.95) * bitrate);
    if (fits > this.#target && nowMs - this.#lastCutMs > this.#rttMs + 200) this.#target = fits;
    // The first look at a path: what was assumed of it may have been too much.
    else if (isFilled && fits < 0.7 * this.#target && !this.#isNear) this.#cutTo(fits, nowMs);
  }

  /** Reports come again after a silence: what was lost in it says nothing about the rate. */
  #resume(): void {
    this.#silent = false;
    this.#losses.forgetRecent(this.#nowMs);
    this.#planner.ask(this.#target);
    this.#target = Math.max(FLOOR_BITRATE, 0.6 * this.#target);
  }
}

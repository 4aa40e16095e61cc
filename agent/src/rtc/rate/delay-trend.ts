import type { GroupDelta } from './packet-groups.ts';

export type PathUsage = 'normal' | 'over' | 'under';

const WINDOW = 20;
const SMOOTHING = 0.9;
const GAIN = 4;
const MOST_DELTAS = 60;
const OVERUSE_MS = 10;
const FIRST_THRESHOLD = 12.5;
const LOWEST_THRESHOLD = 6;
const HIGHEST_THRESHOLD = 600;
/** The threshold follows the trend, up slowly and down more slowly, so that jitter does not count as queueing. */
const FOLLOW_UP = 0.0087;
const FOLLOW_DOWN = 0.039;
const NOT_FOLLOWED = 15;

/** Whether packets take longer and longer: the slope of the smoothed delay against an adaptive threshold (GCC, 5.4). */
export class DelayTrend {
  readonly #points: { atMs: number; delayMs: number }[] = [];
  #firstAtMs: number | undefined;
  #sum = 0;
  #smoothed = 0;
  #deltas = 0;
  #threshold = FIRST_THRESHOLD;
  #thresholdAtMs: number | undefined;
  #overMs = 0;
  #overs = 0;
  #before = 0;
  #usage: PathUsage = 'normal';

  get usage(): PathUsage {
    return this.#usage;
  }

  update(delta: GroupDelta): PathUsage {
    this.#firstAtMs ??= delta.atMs;
    this.#deltas += 1;
    this.#sum += delta.arrivedMs - delta.sentMs;
    this.#smoothed = SMOOTHING * this.#smoothed + (1 - SMOOTHING) * this.#sum;
    this.#points.push({ atMs: delta.atMs - this.#firstAtMs, delayMs: this.#smoothed });
    if (this.#points.length > WINDOW) this.#points.shift();
    const slope = this.#points.length === WINDOW ? slopeOf(this.#points) : 0;
    this.#judge(slope, delta);
    return this.#usage;
  }

  #judge(slope: number, { sentMs, atMs }: GroupDelta): void {
    const trend = Math.min(this.#deltas, MOST_DELTAS) * slope * GAIN;
    if (trend > this.#threshold) {
      this.#overMs = this.#overs === 0 ? sentMs / 2 : this.#overMs + sentMs;
      this.#overs += 1;
      if (this.#overMs > OVERUSE_MS && this.#overs > 1 && slope >= this.#before) {
        this.#overMs = 0;
        this.#overs = 0;
        this.#usage = 'over';
      }
    } else {
      this.#overMs = 0;
      this.#overs = 0;
      this.#usage = trend < -this.#threshold ? 'under' : 'normal';
    }
    this.#before = slope;
    this.#follow(Math.abs(trend), atMs);
  }

  #follow(trend: number, atMs: number): void {
    const sinceMs = Math.min(100, atMs - (this.#thresholdAtMs ?? atMs));
    this.#thresholdAtMs = atMs;
    if (trend > this.#threshold + NOT_FOLLOWED) return;
    const share = trend < this.#threshold ? FOLLOW_DOWN : FOLLOW_UP;
    this.#threshold += share * (trend - this.#threshold) * sinceMs;
    this.#threshold = Math.min(HIGHEST_THRESHOLD, Math.max(LOWEST_THRESHOLD, this.#threshold));
  }
}

/** By least squares. */
function slopeOf(points: readonly { atMs: number; delayMs: number }[]): number {
  let sumX = 0;
  let sumY = 0;
  for (const { atMs, delayMs } of points) {
    sumX += atMs;
    sumY += delayMs;
  }
  const [meanX, meanY] = [sumX / points.length, sumY / points.length];
  let over = 0;
  let under = 0;
  for (const { atMs, delayMs } of points) {
    over += (atMs - meanX) * (delayMs - meanY);
    under += (atMs - meanX) ** 2;
  }
  return under === 0 ? 0 : over / under;
}

import { describe, expect, it } from 'vitest';
import { AimdController, CEILING_BITRATE, FLOOR_BITRATE, START_BITRATE } from './aimd-controller.ts';

const PACKET_BYTES = 1200;
const REPORT_MS = 50;

/** A path with a bottleneck, a queue in front of it and random loss; reports each 50 ms as browsers do. */
class Path {
  readonly rate = new AimdController();
  nowMs = 10_000;
  #queuedBits = 0;
  #lossDebt = 0;

  /** Sends at the target, or at `sendBitrate`, for so long. */
  run(ms: number, path: { bitrate: number; loss?: number; sendBitrate?: number; silent?: boolean }): void {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) {
      const sendBitrate = path.sendBitrate ?? this.rate.targetBitrate;
      const count = Math.max(1, Math.round((sendBitrate * REPORT_MS) / 8000 / PACKET_BYTES));
      const results = [];
      for (let i = 0; i < count; i += 1) {
        const sentAtMs = this.nowMs + (i * REPORT_MS) / count;
        this.rate.packetSent(PACKET_BYTES, sentAtMs);
        results.push({ sentAtMs, bytes: PACKET_BYTES, arrivedMs: this.#arrival(sentAtMs, count, path) });
      }
      this.nowMs += REPORT_MS;
      if (!path.silent) this.rate.transportFeedback(results, this.nowMs);
      this.rate.tick(this.nowMs);
    }
  }

  #arrival(sentAtMs: number, count: number, path: { bitrate: number; loss?: number }): number | null {
    this.#queuedBits = Math.max(0, this.#queuedBits - (path.bitrate * REPORT_MS) / 1000 / count);
    this.#queuedBits = Math.min(this.#queuedBits + PACKET_BYTES * 8, path.bitrate); // a second of buffer
    this.#lossDebt += path.loss ?? 0;
    if (this.#lossDebt >= 1) {
      this.#lossDebt -= 1;
      return null;
    }
    // The receiver's clock is another one: only differences count.
    return sentAtMs + 5_000_000 + 10 + (this.#queuedBits / path.bitrate) * 1000;
  }
}

describe('the rate controller', () => {
  it('starts at 6 Mbit/s and grows on a free path up to its ceiling', () => {
    const path = new Path();
    expect(path.rate.targetBitrate).toBe(START_BITRATE);
    path.run(5_000, { bitrate: 1e9 });
    expect(path.rate.targetBitrate).toBeGreaterThan(1.3 * START_BITRATE);
    path.run(60_000, { bitrate: 1e9 });
    expect(path.rate.targetBitrate).toBe(CEILING_BITRATE);
  });

  it('does not grow on a rate that nothing uses', () => {
    const path = new Path();
    path.run(30_000, { bitrate: 1e9, sendBitrate: 500_000 });
    expect(path.rate.targetBitrate).toBe(START_BITRATE);
  });

  it('falls below a bottleneck within two seconds and stays near it', () => {
    const path = new Path();
    path.run(2_000, { bitrate: 2_000_000 });
    expect(path.rate.targetBitrate).toBeLessThan(2_200_000);
    let sum = 0;
    for (let i = 0; i < 100; i += 1) {
      path.run(300, { bitrate: 2_000_000 });
      sum += path.rate.targetBitrate;
    }
    expect(sum / 100).toBeGreaterThan(1_000_000);
    expect(sum / 100).toBeLessThan(2_200_000);
  });

  it('doubles within ten seconds when a bottleneck goes', () => {
    const path = new Path();
    path.run(5_000, { bitrate: 1_000_000 });
    const before = path.rate.targetBitrate;
    expect(before).toBeLessThan(1_200_000);
    path.run(10_000, { bitrate: 1e9 });
    expect(path.rate.targetBitrate).toBeGreaterThan(2 * before);
  });

  it('cuts on heavy loss and bears a little', () => {
    const light = new Path();
    light.run(5_000, { bitrate: 1e9, loss: 0.01 });
    expect(light.rate.targetBitrate).toBeGreaterThanOrEqual(START_BITRATE);
    const heavy = new Path();
    heavy.run(5_000, { bitrate: 1e9, loss: 0.2 });
    expect(heavy.rate.targetBitrate).toBeLessThan(0.5 * START_BITRATE);
  });

  it('never goes below its floor', () => {
    const path = new Path();
    path.run(60_000, { bitrate: 20_000, loss: 0.5 });
    expect(path.rate.targetBitrate).toBe(FLOOR_BITRATE);
  });

  it('halves when feedback stops while it sends', () => {
    const path = new Path();
    path.run(1_000, { bitrate: 1e9 });
    const before = path.rate.targetBitrate;
    path.run(1_100, { bitrate: 1e9, silent: true });
    expect(path.rate.targetBitrate).toBeCloseTo(before / 2, -3);
  });

  it('keeps its rate when it is silent because nothing is sent', () => {
    const path = new Path();
    path.run(1_000, { bitrate: 1e9 });
    const before = path.rate.targetBitrate;
    for (let i = 0; i < 100; i += 1) path.rate.tick(path.nowMs + i * 250);
    expect(path.rate.targetBitrate).toBe(before);
  });

  it('takes a receiver estimate only when more than that is sent', () => {
    const path = new Path();
    path.run(1_000, { bitrate: 1e9, sendBitrate: 400_000 });
    path.rate.receiverEstimate(600_000, path.nowMs);
    expect(path.rate.targetBitrate).toBe(START_BITRATE);
    path.run(1_000, { bitrate: 1e9 });
    path.rate.receiverEstimate(900_000, path.nowMs);
    expect(path.rate.targetBitrate).toBe(900_000);
  });
});

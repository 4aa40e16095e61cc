import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { RelayOutlet } from './relay-outlet.ts';
import { RelayPictureGate } from './relay-picture-gate.ts';
import { RELAY_RATES, RelayRate } from './relay-rate.ts';

/** What a path is like at a moment. */
interface Path {
  readonly bitrate: number;
  readonly rttMs: number;
}

interface Shown {
  readonly madeMs: number;
  readonly tookMs: number;
}

/** An encoder that follows the target, a path that loses nothing and queues everything, and a viewer that reports. */
class Simulation {
  readonly clock = new FakeClock();
  readonly rate = new RelayRate(RELAY_RATES);
  readonly shown: Shown[] = [];
  readonly keysMs: number[] = [];
  deliveredBytes = 0;
  readonly #gate = new RelayPictureGate();
  readonly #outlet: RelayOutlet;
  readonly #ends = new Map<Uint8Array, number>();
  readonly #keys = new Map<Uint8Array, number>();
  #path: Path;
  #freeAtMs = 0;
  #received = 0;
  #wantsKeyFrame = true;

  constructor(path: Path) {
    this.#path = path;
    this.#outlet = new RelayOutlet({
      clock: this.clock,
      rate: this.rate,
      socket: { bufferedBytes: 0, send: (packet, sent) => this.#carry(packet, sent) },
      onDrained: () => {
        if (this.#gate.caughtUp()) this.#wantsKeyFrame = true;
      },
    });
  }

  /** Runs for so long at 30 pictures a second, with a key pressed each 50 ms. */
  run(ms: number, path = this.#path): void {
    this.#path = path;
    const untilMs = this.clock.monotonicMs() + ms;
    let nextFrameMs = this.clock.monotonicMs();
    let nextKeyMs = nextFrameMs;
    while (this.clock.monotonicMs() < untilMs) {
      const nowMs = this.clock.monotonicMs();
      if (nowMs >= nextFrameMs) {
        nextFrameMs += 33;
        this.#encode(nowMs);
      }
      if (nowMs >= nextKeyMs) {
        nextKeyMs += 50;
        const packet = new Uint8Array(60);
        this.#keys.set(packet, nowMs);
        this.#outlet.urgent([packet]);
      }
      this.clock.advance(1);
    }
  }

  /** Times of the pictures made since, lowest first. */
  delaysSince(sinceMs: number): number[] {
    return this.shown
      .filter(({ madeMs }) => madeMs >= sinceMs)
      .map(({ tookMs }) => tookMs)
      .toSorted((a, b) => a - b);
  }

  #encode(nowMs: number): void {
    // The encoder spares what could not leave; see `queueMs` of a peer.
    if (this.#outlet.queueMs > 0) return;
    const keyFrame = this.#wantsKeyFrame;
    if (!this.#gate.takes(keyFrame, this.#outlet.queueMs)) return;
    this.#wantsKeyFrame = false;
    const bytes = Math.round((this.rate.targetBitrate / 8 / 30) * (keyFrame ? 4 : 1));
    const packets: Uint8Array[] = [];
    const { pieceBytes } = this.rate;
    for (let left = bytes; left > 0; left -= pieceBytes) {
      packets.push(new Uint8Array(Math.min(left, pieceBytes)));
    }
    const last = packets.at(-1);
    if (last) this.#ends.set(last, nowMs);
    this.#outlet.later('picture', packets);
  }

  #carry(packet: Uint8Array, sent: () => void): void {
    const nowMs = this.clock.monotonicMs();
    const { bitrate, rttMs } = this.#path;
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs) + (packet.length * 8_000) / bitrate;
    const arrivesMs = this.#freeAtMs + rttMs / 2;
    this.clock.after(0, sent);
    this.clock.after(arrivesMs - nowMs, () => this.#arrive(packet, rttMs));
  }

  #arrive(packet: Uint8Array, rttMs: number): void {
    const nowMs = this.clock.monotonicMs();
    this.#received = (this.#received + packet.length) >>> 0;
    this.deliveredBytes += packet.length;
    const received = this.#received;
    const madeMs = this.#ends.get(packet);
    if (madeMs !== undefined) this.shown.push({ madeMs, tookMs: nowMs - madeMs });
    const pressedMs = this.#keys.get(packet);
    if (pressedMs !== undefined) this.keysMs.push(nowMs - pressedMs);
    this.#ends.delete(packet);
    this.#keys.delete(packet);
    this.clock.after(rttMs / 2, () => {
      this.rate.acknowledged(received, nowMs + 5_000, this.clock.monotonicMs());
      this.#outlet.pump();
    });
  }
}

const at = (values: readonly number[], share: number) =>
  values[Math.floor(values.length * share)] ?? Number.NaN;

describe('on a path that carries a steady rate', () => {
  it.each([
    [{ bitrate: 300_000, rttMs: 200 }, 480],
    [{ bitrate: 1_000_000, rttMs: 80 }, 230],
    [{ bitrate: 5_000_000, rttMs: 40 }, 160],
    [{ bitrate: 5_000_000, rttMs: 300 }, 400],
    [{ bitrate: 50_000_000, rttMs: 5 }, 60],
  ])('%j fills it and keeps pictures fresh: p95 below %d ms', (path, p95Ms) => {
    const simulation = new Simulation(path);
    simulation.run(10_000);
    const sinceMs = simulation.clock.monotonicMs();
    const before = simulation.deliveredBytes;
    simulation.run(20_000);
    const used = ((simulation.deliveredBytes - before) * 8) / 20 / Math.min(path.bitrate, 20_000_000);
    expect(used).toBeGreaterThan(0.6);
    const delays = simulation.delaysSince(sinceMs);
    expect(delays.length / 20).toBeGreaterThan(path.bitrate < 500_000 ? 5 : 14);
    expect(at(delays, 0.95)).toBeLessThan(p95Ms);
    // Keys wait for what is under way, and never for a queue of ours.
    expect(
      at(
        simulation.keysMs.slice(-300).toSorted((a, b) => a - b),
        0.95,
      ),
    ).toBeLessThan(p95Ms);
  });
});

it('follows a path down within a second and up within ten', () => {
  const wide = { bitrate: 20_000_000, rttMs: 40 };
  const simulation = new Simulation(wide);
  simulation.run(15_000);
  simulation.run(1_000, { ...wide, bitrate: 1_000_000 });
  const sinceMs = simulation.clock.monotonicMs();
  simulation.run(5_000);
  expect(at(simulation.delaysSince(sinceMs), 0.9)).toBeLessThan(400);
  simulation.run(10_000, wide);
  expect(simulation.rate.targetBitrate).toBeGreaterThan(0.7 * 20_000_000);
});

it('does not take a screen that stood still for a narrow path', () => {
  const rate = new RelayRate(RELAY_RATES);
  let nowMs = 0;
  let sent = 0;
  for (let beat = 0; beat < 100; beat += 1) {
    nowMs += 500;
    sent += 100;
    rate.packetSent(100, false, nowMs);
    rate.acknowledged(sent, nowMs + 20, nowMs + 40);
  }
  expect(rate.pathBitrate).toBe(RELAY_RATES.startBitrate);
  expect(rate.targetBitrate).toBe(RELAY_RATES.startBitrate);
});

it('believes no report of what was never sent, or twice of the same', () => {
  const rate = new RelayRate(RELAY_RATES);
  rate.packetSent(1_000, false, 0);
  rate.acknowledged(5_000, 10, 10);
  rate.acknowledged(1_000, Number.NaN, 10);
  expect(rate.inFlightBytes).toBe(1_000);
  rate.acknowledged(1_000, 10, 10);
  rate.acknowledged(1_000, 20, 20);
  rate.acknowledged(500, 30, 30);
  expect(rate.inFlightBytes).toBe(0);
});

it('counts on when the total wraps', () => {
  const rate = new RelayRate(RELAY_RATES);
  for (let index = 1; index <= 4_200; index += 1) {
    rate.packetSent(1_048_576, false, index);
    rate.acknowledged((index * 1_048_576) >>> 0, index, index);
  }
  expect(rate.inFlightBytes).toBe(0);
});

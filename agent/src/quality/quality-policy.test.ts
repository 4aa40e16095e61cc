import { describe, expect, it } from 'vitest';
import type { CodedPicture } from './film-detector.ts';
import { QualityPolicy } from './quality-policy.ts';

const MBIT = 1e6;
const PIXELS = 1280 * 720;

const picture = (more: Partial<CodedPicture> = {}): CodedPicture => ({
  bytes: 4_000,
  pixels: PIXELS,
  damagedPixels: PIXELS / 20,
  refinement: false,
  keyFrame: false,
  qp: 24,
  encodeMs: 5,
  ...more,
});

/** Makes pictures for a time, at a pace. */
function play(policy: QualityPolicy, from: number, seconds: number, fps: number, one: Partial<CodedPicture>) {
  let nowMs = from;
  for (; nowMs < from + seconds * 1000; nowMs += 1000 / fps) {
    policy.coded(picture(one), nowMs);
    policy.tick(nowMs);
  }
  return nowMs;
}

describe('the quality policy', () => {
  it('gives everything where there is everything', () => {
    const policy = new QualityPolicy({ bitrate: 20 * MBIT });
    expect(policy.settings).toEqual({
      bitrate: 20 * MBIT,
      maxFps: 60,
      content: 'screen',
      minQp: 12,
      maxQp: 42,
      refinements: 16,
      scale: 1,
    });
    expect(policy.limitedBy).toBe('nothing');
  });

  it('gives up pictures a second first on a narrow path, then sharpness of what moves, and says why', () => {
    const rates = [20, 4, 2, 1, 0.3, 0.1].map((rate) => {
      const policy = new QualityPolicy({ bitrate: rate * MBIT });
      return { ...policy.settings, limitedBy: policy.limitedBy };
    });
    const fps = rates.map((one) => one.maxFps);
    expect(fps).toEqual([...fps].sort((a, b) => b - a));
    expect(fps[3]).toBeGreaterThanOrEqual(20);
    expect(fps[4]).toBeGreaterThanOrEqual(10);
    expect(rates.map((one) => one.maxQp)).toEqual([42, 42, 46, 51, 51, 51]);
    expect(rates.map((one) => one.scale)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(rates.map((one) => one.limitedBy).slice(2)).toEqual(Array(4).fill('network'));
  });

  it('takes film for film and goes back to text when it is over, but does not mind a scroll', () => {
    const policy = new QualityPolicy({ bitrate: 6 * MBIT });
    const film = { damagedPixels: PIXELS / 3, bytes: 20_000, encodeMs: 22 };
    let nowMs = play(policy, 0, 2.5, 30, film);
    expect(policy.settings.content).toBe('screen');
    nowMs = play(policy, nowMs, 3, 30, film);
    expect(policy.settings.content).toBe('motion');
    // Which makes it quicker; it stays film.
    nowMs = play(policy, nowMs, 5, 30, { ...film, encodeMs: 9 });
    expect(policy.settings.content).toBe('motion');
    nowMs = play(policy, nowMs, 1, 30, { damagedPixels: 500, bytes: 200 });
    expect(policy.settings.content).toBe('motion');
    nowMs = play(policy, nowMs, 4, 5, { damagedPixels: 500, bytes: 200 });
    expect(policy.settings.content).toBe('screen');
    play(policy, nowMs, 10, 30, { damagedPixels: PIXELS / 2, bytes: 15_000, encodeMs: 8 });
    expect(policy.settings.content).toBe('screen');
  });

  it('takes film that was stopped for a still picture at once', () => {
    const policy = new QualityPolicy({ bitrate: 6 * MBIT });
    const nowMs = play(policy, 0, 6, 30, { damagedPixels: PIXELS / 3, bytes: 20_000, encodeMs: 22 });
    expect(policy.settings.content).toBe('motion');
    policy.tick(nowMs + 500);
    policy.tick(nowMs + 1_000);
    expect(policy.settings.content).toBe('screen');
  });

  it('never takes film for film when text shall be sharp', () => {
    const policy = new QualityPolicy({ bitrate: 6 * MBIT });
    policy.setMode('sharp-text');
    play(policy, 0, 10, 30, { damagedPixels: PIXELS / 3, bytes: 20_000, encodeMs: 22 });
    expect(policy.settings).toMatchObject({ content: 'screen', maxQp: 34, scale: 1 });
  });

  it('makes pictures smaller when the coarsest take too long, and larger again without flapping', () => {
    const policy = new QualityPolicy({ bitrate: 0.3 * MBIT });
    const heavy = { bytes: 9_000, qp: 51, damagedPixels: PIXELS / 2 };
    let nowMs = play(policy, 0, 2, 5, heavy);
    expect(policy.settings.scale).toBe(0.75);
    expect(policy.limitedBy).toBe('network');
    nowMs = play(policy, nowMs, 5, 5, heavy);
    expect(policy.settings.scale).toBe(0.5);
    let changes = 0;
    let before = policy.settings.scale;
    // On the brink: the smaller size has room, the larger has none.
    for (let second = 0; second < 120; second += 1) {
      const isSmall = policy.settings.scale <= 0.5;
      nowMs = play(policy, nowMs, 1, 5, isSmall ? { bytes: 2_000, qp: 30 } : heavy);
      if (policy.settings.scale !== before) changes += 1;
      before = policy.settings.scale;
    }
    expect(changes).toBeLessThanOrEqual(10);
    for (let second = 0; second < 200; second += 1) {
      nowMs += 1000;
      policy.tick(nowMs);
    }
    expect(policy.settings.scale).toBe(1);
  });

  it('does not ask for more pictures than the encoder makes, and says so', () => {
    const policy = new QualityPolicy({ bitrate: 20 * MBIT });
    play(policy, 0, 5, 20, { encodeMs: 45 });
    expect(policy.settings.maxFps).toBeLessThanOrEqual(20);
    expect(policy.limitedBy).toBe('encoder');
  });

  it('spares the line when asked to', () => {
    const policy = new QualityPolicy({ bitrate: 10 * MBIT });
    policy.setMode('low-bandwidth');
    expect(policy.settings).toMatchObject({ bitrate: 600_000, scale: 0.75 });
    expect(policy.settings.maxFps).toBeLessThanOrEqual(15);
    expect(policy.limitedBy).toBe('mode');
    policy.setMode('smooth-motion');
    policy.setBitrate(MBIT);
    const smooth = policy.settings.maxFps;
    policy.setMode('sharp-text');
    expect(policy.settings.maxFps).toBeLessThan(smooth);
  });
});

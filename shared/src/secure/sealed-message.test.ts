import { describe, expect, it } from 'vitest';
import { CounterWindow, fromPlain, sealedCounter, sealedHeader, sealedIv } from './sealed-message.ts';

describe('a sealed message', () => {
  it('begins with its counter, which is also the end of its initialisation vector', () => {
    expect([...sealedHeader(0x0102_0304_05)]).toEqual([0, 0, 0, 1, 2, 3, 4, 5]);
    expect([...sealedIv(258)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
    const message = new Uint8Array(24);
    message.set(sealedHeader(77));
    expect(sealedCounter(message)).toBe(77);
  });

  it.each([
    ['too short', new Uint8Array(23)],
    ['empty', new Uint8Array(0)],
    ['beyond all counting', new Uint8Array(24).fill(255)],
  ])('is none when it is %s', (_what, message) => {
    expect(() => sealedCounter(message)).toThrow(expect.objectContaining({ code: 'invalid-message' }));
  });

  it('is text on control and bytes everywhere else', () => {
    expect(fromPlain('control', new TextEncoder().encode('ä'))).toBe('ä');
    expect(fromPlain('input', Uint8Array.of(1))).toEqual(Uint8Array.of(1));
    expect(() => fromPlain('control', Uint8Array.of(0xff))).toThrow(/UTF-8/);
  });
});

describe('the counters that may come', () => {
  const feed = (window: CounterWindow, counters: number[]) =>
    counters.filter((counter) => {
      const may = window.mayCome(counter);
      if (may) window.came(counter);
      return may;
    });

  it('are one after another where order is kept', () => {
    expect(feed(new CounterWindow(true), [1, 0, 0, 2, 1, 2, 3])).toEqual([0, 1, 2, 3]);
  });

  it('are any new ones where it is not, each once', () => {
    expect(feed(new CounterWindow(false), [5, 3, 5, 3, 0, 4, 6, 6])).toEqual([5, 3, 0, 4, 6]);
  });

  it('are none that are older than the window', () => {
    const window = new CounterWindow(false);
    expect(feed(window, [0, 5_000])).toEqual([0, 5_000]);
    expect(feed(window, [3_977, 3_976, 5_001 - 1_024, 4_999])).toEqual([3_977, 4_999]);
    expect(feed(window, [6_023, 5_000, 4_999, 5_001])).toEqual([6_023, 5_001]);
  });

  it('are taken once each, in whatever order a network brings them', () => {
    let seed = 42;
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    const window = new CounterWindow(false);
    const taken = new Set<number>();
    let newest = -1;
    for (let at = 0; at < 50_000; at += 1) {
      const counter = Math.max(0, Math.floor(at / 2 + (random() - 0.5) * 3_000));
      const expected = !taken.has(counter) && counter > newest - 1_024;
      expect(window.mayCome(counter)).toBe(expected);
      if (!expected) continue;
      window.came(counter);
      taken.add(counter);
      newest = Math.max(newest, counter);
    }
  });
});

import { expect, it } from 'vitest';
import { PictureTime } from './picture-time.ts';

it('finds each timestamp again, also after it wrapped and through seconds as browsers tell them', () => {
  const time = new PictureTime();
  let before = -1;
  for (let ticks = 2 ** 32 - 400_000; ticks < 2 ** 32 + 400_000; ticks += 777) {
    const rtpTimestamp = ticks % 2 ** 32;
    const micros = time.microsOf(rtpTimestamp);
    expect(micros).toBeGreaterThan(before);
    before = micros;
    const seconds = micros / 1e6;
    expect(time.rtpTimestampOf(Math.round(seconds * 1e6))).toBe(rtpTimestamp);
  }
});

it('finds neighbours one tick apart', () => {
  const time = new PictureTime();
  for (let ticks = 4_000_000_000; ticks < 4_000_001_000; ticks += 1) {
    expect(time.rtpTimestampOf(time.microsOf(ticks))).toBe(ticks);
  }
});

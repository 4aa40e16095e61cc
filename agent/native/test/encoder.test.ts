import { beforeAll, describe, expect, it } from 'vitest';
import { nalTypes, parseSps, splitNals } from './support/h264.ts';
import { distance, movingBgra, pageBgra, psnr, rgbAt, solidBgra, textBgra } from './support/picture.ts';
import { loadProbe, type Probe } from './support/probe.ts';
import { defaultSettings } from './support/recorder.ts';

let probe: Probe;

beforeAll(async () => {
  probe = await loadProbe();
}, 120_000);

describe('the converter', () => {
  it.each([0x000000, 0xffffff, 0xff0000, 0x00ff00, 0x0000ff, 0x336699, 0x808080])(
    'keeps the colour %s within rounding',
    (rgb) => {
      const i420 = probe.convert(solidBgra(16, 16, rgb), 16, 16);
      const planes = {
        width: 16,
        height: 16,
        y: i420.subarray(0, 256),
        u: i420.subarray(256, 320),
        v: i420.subarray(320, 384),
      };
      expect(distance(rgbAt(planes, 5, 5), rgb)).toBeLessThanOrEqual(4);
    },
  );

  it('uses the limited range from 16 to 235', () => {
    expect(probe.convert(solidBgra(2, 2, 0x000000), 2, 2)[0]).toBe(16);
    expect(probe.convert(solidBgra(2, 2, 0xffffff), 2, 2)[0]).toBe(235);
  });
});

describe('the stream', () => {
  it.each(['screen', 'motion'] as const)(
    'of %s content promises decoders that nothing is reordered',
    (content) => {
      const encoder = probe.openEncoder(1280, 720, { ...defaultSettings, content });
      const { data } = encoder.encode(textBgra(1280, 720, 0), 0, 'delta');
      expect(nalTypes(data)).toEqual([7, 8, 5]);
      const [sps = Buffer.alloc(0)] = splitNals(data);
      expect(parseSps(sps)).toMatchObject({
        profile: 66,
        width: 1280,
        height: 720,
        referenceFrames: 1,
        reorderFrames: 0,
        decoderFrames: 1,
        fullRange: false,
        colour: [1, 1, 1],
      });
      // constraint_set1: Constrained Baseline, what browsers offer as 42e01f.
      expect(parseSps(sps).constraints & 0x40).toBe(0x40);
    },
  );

  it.each([
    [1280, 720],
    [1920, 1080],
    [1366, 768],
    [642, 402],
  ])('of %i by %i pixels decodes at its size', (width, height) => {
    const encoder = probe.openEncoder(width, height, defaultSettings);
    const { data } = encoder.encode(solidBgra(width, height, 0x336699), 0, 'delta');
    const planes = probe.openDecoder().decode(data);
    expect(planes).toMatchObject({ width, height });
    if (planes) expect(distance(rgbAt(planes, width - 20, height - 20), 0x336699)).toBeLessThanOrEqual(8);
  });

  it('has a key frame only where one is asked for', () => {
    const encoder = probe.openEncoder(640, 360, { ...defaultSettings, content: 'motion' });
    const keys = [];
    for (let frame = 0; frame < 30; frame += 1) {
      const encoded = encoder.encode(movingBgra(640, 360, frame), frame * 33, frame === 20 ? 'key' : 'delta');
      keys.push(encoded.keyFrame);
    }
    expect(keys.flatMap((key, frame) => (key ? [frame] : []))).toEqual([0, 20]);
  });

  it('tells a quantiser within the range asked for', () => {
    const encoder = probe.openEncoder(640, 360, { ...defaultSettings, minQp: 24, maxQp: 30 });
    for (let frame = 0; frame < 20; frame += 1) {
      const { qp } = encoder.encode(movingBgra(640, 360, frame), frame * 33, 'delta');
      expect(qp).toBeGreaterThanOrEqual(24);
      expect(qp).toBeLessThanOrEqual(30);
    }
  });
});

describe('the rate control', () => {
  // Screen mode makes a scene change of a picture that moves everywhere, so there most of it stands still.
  it.each([
    ['screen', 0.4],
    ['motion', 1],
  ] as const)(
    'follows a new bit rate for %s content without a key frame',
    (content, movingPart) => {
      const settings = { ...defaultSettings, content, maxFps: 30, minQp: 10, maxQp: 51 };
      const encoder = probe.openEncoder(640, 360, { ...settings, bitrate: 2_000_000 });
      let frame = 0;
      const bitrateOver = (frames: number): number => {
        let bytes = 0;
        for (let n = 0; n < frames; n += 1, frame += 1) {
          const picture = movingBgra(640, 360, frame);
          picture.fill(200, Math.round(picture.length * movingPart));
          const encoded = encoder.encode(picture, frame * 33, 'delta');
          bytes += encoded.data.length;
          if (frame > 0) expect(encoded.keyFrame).toBe(false);
        }
        return (bytes * 8 * 30) / frames;
      };
      bitrateOver(45);
      const high = bitrateOver(45);
      encoder.configure({ ...settings, bitrate: 400_000 });
      bitrateOver(45);
      const low = bitrateOver(45);
      expect(high).toBeGreaterThan(900_000);
      expect(high).toBeLessThan(3_000_000);
      expect(low).toBeLessThan(700_000);
    },
    60_000,
  );

  it('needs no key frame for another content, quantiser range, rate or frame rate', () => {
    const encoder = probe.openEncoder(320, 180, defaultSettings);
    encoder.encode(movingBgra(320, 180, 0), 0, 'delta');
    const changes = [
      { content: 'motion' },
      { minQp: 30, maxQp: 32 },
      { bitrate: 500_000, maxFps: 10 },
      { content: 'screen' },
    ] as const;
    let settings = defaultSettings;
    for (const [step, change] of changes.entries()) {
      settings = { ...settings, ...change };
      encoder.configure(settings);
      const { keyFrame, qp } = encoder.encode(movingBgra(320, 180, step + 1), 33 * (step + 1), 'delta');
      expect(keyFrame).toBe(false);
      expect(qp).toBeGreaterThanOrEqual(settings.minQp);
      expect(qp).toBeLessThanOrEqual(settings.maxQp);
    }
  });

  it('makes no key frame of a picture that is new everywhere', () => {
    const encoder = probe.openEncoder(640, 360, defaultSettings);
    encoder.encode(textBgra(640, 360, 1), 0, 'delta');
    expect(encoder.encode(movingBgra(640, 360, 1), 100, 'delta').keyFrame).toBe(false);
    expect(encoder.encode(textBgra(640, 360, 2), 200, 'delta').keyFrame).toBe(false);
  });

  it.each([500_000, 2_000_000, 8_000_000])(
    'lets a new page take a fraction of a second of %i bit/s and sharpens it from there',
    (bitrate) => {
      const encoder = probe.openEncoder(1280, 720, { ...defaultSettings, bitrate, minQp: 12, maxQp: 51 });
      encoder.encode(pageBgra(1280, 720, 1), 0, 'key');
      for (let step = 1; step <= 20; step += 1) encoder.encode(null, 100 * step, 'refinement');
      const page = encoder.encode(pageBgra(1280, 720, 2), 5000, 'delta');
      expect(page.data.length * 8).toBeLessThan(Math.max(0.25 * bitrate, 400_000));
      const qps = [1, 2, 3].map((step) => encoder.encode(null, 5000 + 500 * step, 'refinement').qp);
      expect([page.qp, ...qps]).toEqual([page.qp, ...qps].toSorted((a, b) => b - a));
      expect(qps.at(-1)).toBeLessThan(page.qp);
    },
  );
});

describe('a small animation', () => {
  /** A page with something that moves in one corner. */
  const animated = (frame: number): Buffer => {
    const picture = pageBgra(1280, 720, 2);
    const film = movingBgra(160, 120, frame);
    for (let y = 0; y < 120; y += 1) film.copy(picture, y * 1280 * 4, y * 160 * 4, (y + 1) * 160 * 4);
    return picture;
  };
  const corner = [{ x: 0, y: 0, width: 160, height: 120 }];

  it('keeps to the rate and lets the rest of a rough page get sharp meanwhile', () => {
    const bitrate = 1_500_000;
    const encoder = probe.openEncoder(1280, 720, { ...defaultSettings, bitrate, minQp: 12, maxQp: 51 });
    encoder.encode(pageBgra(1280, 720, 1), 0, 'key');
    encoder.encode(animated(0), 1000, 'delta');
    const decoder = probe.openDecoder();
    const key = encoder.encode(animated(0), 2000, 'key');
    let shown = decoder.decode(key.data);
    let bytes = 0;
    for (let frame = 1; frame <= 120; frame += 1) {
      const { data } = encoder.encode(animated(frame), 3000 + frame * 33, 'delta', corner);
      if (frame > 60) bytes += data.length;
      shown = decoder.decode(data) ?? shown;
    }
    expect((bytes * 8 * 30) / 60).toBeLessThan(1.3 * bitrate);
    const truth = probe.convert(animated(120), 1280, 720).subarray(0, 1280 * 720);
    const below = 1280 * 200;
    expect(psnr(shown?.y.subarray(below) ?? Buffer.alloc(0), truth.subarray(below))).toBeGreaterThan(36);
  }, 60_000);
});

describe('refinements', () => {
  it('end by themselves once the best quality is reached', () => {
    const encoder = probe.openEncoder(1280, 720, defaultSettings);
    let encoded = encoder.encode(textBgra(1280, 720, 3), 0, 'delta');
    let steps = 0;
    for (; steps < 60 && !encoded.sharp; steps += 1) {
      encoded = encoder.encode(null, 80 * (steps + 1), 'refinement');
    }
    expect(steps).toBeLessThan(60);
    expect(encoder.encode(null, 9000, 'refinement').data.length).toBeLessThan(3000);
  });
});

import { beforeAll, beforeEach, expect, it } from 'vitest';
import { movingBgra, pageBgra, psnr } from './support/picture.ts';
import { loadProbe, type Planes, type Probe, type ProbeEncoder } from './support/probe.ts';
import { defaultSettings } from './support/recorder.ts';

const WIDTH = 640;
const HEIGHT = 360;
const HALF = HEIGHT / 2;
const BITRATE = 950_000;
const FRAME_MS = 33;
const ABOVE = { x: 0, y: 0, width: WIDTH, height: HALF };
const BELOW = { x: 0, y: HALF, width: WIDTH, height: HALF };

let probe: Probe;
let encoder: ProbeEncoder;
let decode: (data: Buffer) => Planes | null;
let shown: Planes | null;
let frame: number;
let page: number;

beforeAll(async () => {
  probe = await loadProbe();
}, 120_000);

beforeEach(() => {
  encoder = probe.openEncoder(WIDTH, HEIGHT, { ...defaultSettings, bitrate: BITRATE, minQp: 12, maxQp: 51 });
  const decoder = probe.openDecoder();
  decode = (data) => decoder.decode(data);
  frame = 0;
  page = 0;
});

/** A page of text above, film below. */
function screen(): Buffer {
  const picture = movingBgra(WIDTH, HEIGHT, frame);
  pageBgra(WIDTH, HALF, page).copy(picture);
  return picture;
}

function code(changed: (typeof ABOVE)[], atMs: number) {
  const { data, qp } = encoder.encode(screen(), atMs, 'delta', changed);
  shown = decode(data);
  return { bits: data.length * 8, qp };
}

/** The film goes on. */
function film(frames: number) {
  return Array.from({ length: frames }, () => {
    frame += 1;
    return code([BELOW], frame * FRAME_MS);
  });
}

/** Luma of the page as the viewer has it, against the true one. */
function qualityAbove(): number {
  const truth = probe.convert(screen(), WIDTH, HEIGHT).subarray(0, WIDTH * HALF);
  return psnr(shown?.y.subarray(0, WIDTH * HALF) ?? Buffer.alloc(0), truth);
}

it('a change of both at once is coded as what appears, not as more film (V1)', () => {
  code([ABOVE, BELOW], 0);
  film(60);
  const bits = Array.from({ length: 6 }, () => {
    page += 1;
    frame += 1;
    const both = code([ABOVE, BELOW], frame * FRAME_MS).bits;
    film(12);
    return both;
  });
  // A picture that takes the line for longer makes those that follow wait.
  expect(Math.max(...bits)).toBeLessThan(0.12 * BITRATE);
});

it('what appears beside film is rough first, and sharp before the film ends (V1, V3)', () => {
  encoder.configure({ ...defaultSettings, bitrate: 600_000, minQp: 12, maxQp: 51 });
  code([ABOVE, BELOW], 0);
  film(60);
  page += 1;
  code([ABOVE], frame * FRAME_MS + 10);
  const atFirst = qualityAbove();
  film(45);
  expect(qualityAbove()).toBeGreaterThan(Math.max(26, atFirst + 3));
});

import { beforeEach, expect, it } from 'vitest';
import { rememberedScale, rememberScale } from './scale-memory.ts';
import { type DisplaysNow, ViewerWishes } from './viewer-wishes.ts';

let kept: Map<string, string>;
let storage: Pick<Storage, 'getItem' | 'setItem'>;
let wishes: ViewerWishes;

const display = (index: number, id: string, primary = false) => ({
  index,
  id,
  name: id,
  x: 0,
  y: 0,
  width: 800,
  height: 600,
  primary,
});
const now = (shown: number[], displays = [display(0, 'A'), display(1, 'B', true)]): DisplaysNow => ({
  displays,
  shown,
  tracks: 2,
});

beforeEach(() => {
  kept = new Map();
  storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  wishes = new ViewerWishes(storage);
});

it('tells a new connection nothing that the agent does by itself', () => {
  expect(wishes.forNewPeer(now([0]))).toEqual([]);
});

it('keeps the quality for the browser and tells it to each new connection', () => {
  expect(wishes.chooseQuality('low-bandwidth')).toEqual({ type: 'set-quality', mode: 'low-bandwidth' });
  expect(wishes.forNewPeer(now([0]))).toEqual([{ type: 'set-quality', mode: 'low-bandwidth' }]);
  expect(new ViewerWishes(storage).quality).toBe('low-bandwidth');
});

it('begins with automatic quality where nothing sensible is kept, or nothing can be', () => {
  for (const key of ['guruconnect.viewer.quality', 'guruconnect.viewer.scales']) kept.set(key, '{nonsense');
  expect(new ViewerWishes(storage).quality).toBe('auto');
  expect(rememberedScale(storage, 'pc/A')).toBe('fit');
  const forbidden = {
    getItem: () => {
      throw new Error('forbidden');
    },
    setItem: () => {
      throw new Error('forbidden');
    },
  };
  const alone = new ViewerWishes(forbidden);
  alone.chooseQuality('sharp-text');
  expect(alone.quality).toBe('sharp-text');
  rememberScale(forbidden, 'pc/A', 'double');
});

it('finds the chosen display again by its name, wherever it is in the new list', () => {
  wishes.chooseDisplay(1, now([0]));
  const moved = now([0], [display(0, 'A', true), display(4, 'B')]);
  expect(wishes.forNewPeer(moved)).toEqual([{ type: 'select-display', display: 4 }]);
  expect(wishes.forNewPeer(now([0], [display(0, 'A')]))).toEqual([]);
});

it('asks for all displays, the primary one first, and for more tracks when there are too few', () => {
  expect(wishes.chooseAll(now([0]))).toEqual({
    message: { type: 'show-displays', displays: [1, 0] },
    needsTracks: false,
  });
  expect(wishes.chooseAll({ ...now([0]), tracks: 1 }).needsTracks).toBe(true);
});

it('asks anew when a display comes, and not for ever when it gets fewer than it asked for', () => {
  wishes.chooseAll(now([0]));
  expect(wishes.forDisplays(now([1, 0]))).toBeUndefined();
  const three = now([1, 0], [display(0, 'A'), display(1, 'B', true), display(2, 'C')]);
  expect(wishes.forDisplays(three)).toEqual({ type: 'show-displays', displays: [1, 0, 2] });
  expect(wishes.forDisplays(three)).toBeUndefined();
  expect(wishes.forNewPeer(three)).toEqual([{ type: 'show-displays', displays: [1, 0, 2] }]);
});

it('asks for all displays, or for the chosen one, each time that it has been away', () => {
  const alone = now([1], [display(1, 'B', true)]);
  wishes.chooseAll(now([1]));
  for (let times = 0; times < 2; times += 1) {
    expect(wishes.forDisplays(now([1, 0]))).toBeUndefined();
    expect(wishes.forDisplays(alone)).toBeUndefined();
    expect(wishes.forDisplays(now([1]))).toEqual({ type: 'show-displays', displays: [1, 0] });
  }
  wishes.chooseDisplay(0, now([1]));
  for (let times = 0; times < 2; times += 1) {
    expect(wishes.forDisplays(now([0]))).toBeUndefined();
    expect(wishes.forDisplays(alone)).toBeUndefined();
    expect(wishes.forDisplays(now([1]))).toEqual({ type: 'select-display', display: 0 });
  }
});

it('remembers the size of each display, the last ones of them', () => {
  rememberScale(storage, 'pc/A', 'double');
  rememberScale(storage, 'pc/B', 'actual');
  expect(rememberedScale(storage, 'pc/A')).toBe('double');
  rememberScale(storage, 'pc/A', 'fit');
  expect(rememberedScale(storage, 'pc/A')).toBe('fit');
  for (let other = 0; other < 100; other += 1) rememberScale(storage, `pc${other}/A`, 'actual');
  expect(rememberedScale(storage, 'pc/B')).toBe('fit');
  expect(rememberedScale(storage, 'pc99/A')).toBe('actual');
});

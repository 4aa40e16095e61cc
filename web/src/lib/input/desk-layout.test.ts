import type { DisplayInfo } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { arrangeDesk, type Desk, displayBox, toDeskPlace } from './desk-layout.ts';
import { layoutPicture, toClientPoint } from './picture-layout.ts';

const display = (index: number, x: number, y: number, width: number, height: number): DisplayInfo => ({
  index,
  id: `D${index}`,
  name: `Display ${index}`,
  x,
  y,
  width,
  height,
  primary: index === 0,
});

function desk(displays: readonly DisplayInfo[], shown = displays.map((one) => one.index)): Desk {
  const arranged = arrangeDesk(displays, shown);
  if (!arranged) throw new Error('Nothing is shown.');
  return arranged;
}

const SIDE_BY_SIDE = [display(0, 0, 0, 1920, 1080), display(1, 1920, 0, 1920, 1080)];
const LEFT_OF_PRIMARY = [display(0, 0, 0, 1920, 1080), display(4, -1280, 56, 1280, 1024)];
const ABOVE_AND_LEFT = [
  display(0, 0, 0, 2560, 1440),
  display(1, 320, -1080, 1920, 1080),
  display(2, -1080, -300, 1080, 1920),
];

describe('arrangeDesk', () => {
  it('puts displays left of and above the primary one at the corner', () => {
    expect(desk(ABOVE_AND_LEFT)).toMatchObject({
      width: 3640,
      height: 2700,
      displays: [
        { index: 0, track: 0, x: 1080, y: 1080 },
        { index: 1, track: 1, x: 1400, y: 0 },
        { index: 2, track: 2, x: 0, y: 780 },
      ],
    });
  });

  it('makes the whole desk of a single display, wherever it stands', () => {
    expect(desk(LEFT_OF_PRIMARY, [4])).toEqual({
      width: 1280,
      height: 1024,
      displays: [{ index: 4, track: 0, x: 0, y: 0, width: 1280, height: 1024 }],
    });
  });

  it('keeps the track of a display behind one that went away', () => {
    expect(desk(SIDE_BY_SIDE, [7, 1]).displays).toMatchObject([{ index: 1, track: 1 }]);
  });

  it('shows nothing while no display is known', () => {
    expect(arrangeDesk([], [0])).toBeUndefined();
  });
});

describe.each([
  ['side by side', SIDE_BY_SIDE, 1],
  ['side by side, dense screen', SIDE_BY_SIDE, 1.5],
  ['a smaller one with a negative place', LEFT_OF_PRIMARY, 1],
  ['three of different sizes', ABOVE_AND_LEFT, 2],
] as const)('pointer mapping over all displays (%s)', (_name, displays, ratio) => {
  const whole = desk(displays);
  const inStage = layoutPicture({ width: 1440, height: 900 }, whole, 'fit', ratio);
  const picture = { ...inStage, left: inStage.left + 11, top: inStage.top - 5 };

  it('finds the pixels of each display again from their centres', () => {
    for (const one of whole.displays) {
      const box = displayBox(one, whole, picture, ratio);
      for (const x of [0, 1, Math.floor(one.width / 2), one.width - 1]) {
        for (const y of [0, 99, one.height - 1]) {
          const at = toClientPoint({ x, y }, box, one);
          expect(toDeskPlace(at, whole, picture, ratio)).toEqual({
            place: { display: one.index, x, y },
            distance: 0,
          });
        }
      }
    }
  });

  it('leaves no space between displays that touch', () => {
    const [first, second] = whole.displays.toSorted((a, b) => a.x - b.x);
    if (!first || !second || first.x + first.width !== second.x) return;
    const one = displayBox(first, whole, picture, ratio);
    expect(one.left + one.width).toBeCloseTo(displayBox(second, whole, picture, ratio).left, 9);
  });
});

describe('a point on no display', () => {
  const whole = desk(LEFT_OF_PRIMARY);
  const picture = { left: 0, top: 0, width: 1600, height: 540 };

  it('goes to the nearest pixel of the nearest display', () => {
    // Above the smaller display, which begins 56 remote pixels lower.
    expect(toDeskPlace({ x: 100.2, y: 8 }, whole, picture, 1)).toEqual({
      place: { display: 4, x: 200, y: 0 },
      distance: 20,
    });
    expect(toDeskPlace({ x: 1650, y: 300 }, whole, picture, 1)).toEqual({
      place: { display: 0, x: 1919, y: 600 },
      distance: 50,
    });
  });
});

it('maps by the pixels of the display, however small its picture was encoded', () => {
  // The agent sends 640 x 360 for a display of 1920 x 1080: only the display counts.
  const whole = desk([display(0, 0, 0, 1920, 1080)]);
  const picture = layoutPicture({ width: 960, height: 540 }, whole, 'fit', 1);
  expect(toDeskPlace({ x: 959.9, y: 539.9 }, whole, picture, 1)?.place).toEqual({
    display: 0,
    x: 1919,
    y: 1079,
  });
});

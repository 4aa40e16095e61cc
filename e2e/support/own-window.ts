import type { Desktop } from '../../tools/stack/desktop.ts';
import { pressAtTheMachine, screenShot } from './x-programs.ts';

/** The ground of the buttons in the agent's windows. */
export const BUTTON = { allow: [0x0d, 0x6f, 0x7d], stop: [0xb3, 0x26, 0x1e] } as const;
/** Likewise of its windows on Windows, see installers/launcher/ui/look.c. */
export const WINDOWS_BUTTON = { allow: [14, 114, 134], stop: [183, 28, 28] } as const;

/** A button is at least so wide; signs and edges of that colour are narrower or higher than they are wide. */
const MIN_WIDTH = 40;
const MIN_HEIGHT = 16;

/** The middle of the widest piece of the screen with exactly the colour of that button; undefined while none is shown. */
export async function findButton(
  desktop: Desktop,
  button: keyof typeof BUTTON,
  colours: Record<keyof typeof BUTTON, readonly [number, number, number]> = BUTTON,
): Promise<{ x: number; y: number } | undefined> {
  const [red, green, blue] = colours[button];
  const { width, height, rgba } = await screenShot(desktop);
  const isButton = (x: number, y: number) => {
    const at = (y * width + x) * 4;
    return rgba[at] === red && rgba[at + 1] === green && rgba[at + 2] === blue;
  };
  // By the line above its text, which has no gaps; a long edge is only a few lines high.
  let widest = { from: 0, length: 0, y: 0 };
  for (let y = 0; y < height - MIN_HEIGHT; y += 1) {
    for (let x = 0, from = 0; x <= width; x += 1) {
      if (x < width && isButton(x, y)) continue;
      const length = x - from;
      const isHigh = () => isButton(from + 2, y + MIN_HEIGHT) || isButton(from + 4, y + MIN_HEIGHT);
      if (length > widest.length && isHigh()) widest = { from, length, y };
      from = x + 1;
    }
  }
  if (widest.length < MIN_WIDTH) return undefined;
  return { x: widest.from + Math.floor(widest.length / 2), y: widest.y + Math.floor(MIN_HEIGHT / 2) };
}

/** Clicks on it as the person at the machine. */
export async function pressButton(
  desktop: Desktop,
  button: keyof typeof BUTTON,
  colours: Parameters<typeof findButton>[2] = BUTTON,
): Promise<void> {
  const place = await findButton(desktop, button, colours);
  if (!place) throw new Error(`The window with the button '${button}' is not on the screen.`);
  await pressAtTheMachine(desktop, `@${place.x},${place.y}`);
}

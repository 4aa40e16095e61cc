import type { Desktop } from '../../tools/stack/desktop.ts';
import { pressAtTheMachine, screenShot } from './x-programs.ts';

/** The ground of the buttons in the agent's windows. */
export const BUTTON = { allow: [0x0d, 0x6f, 0x7d], stop: [0xb3, 0x26, 0x1e] } as const;

/** The middle of everything on the screen that has exactly the colour of that button; undefined while none is shown. */
export async function findButton(
  desktop: Desktop,
  button: keyof typeof BUTTON,
): Promise<{ x: number; y: number } | undefined> {
  const [red, green, blue] = BUTTON[button];
  const { width, rgba } = await screenShot(desktop);
  const found: { x: number; y: number }[] = [];
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at] === red && rgba[at + 1] === green && rgba[at + 2] === blue) {
      found.push({ x: (at / 4) % width, y: Math.floor(at / 4 / width) });
    }
  }
  const middle = found[Math.floor(found.length / 2)];
  if (!middle) return undefined;
  const xs = found.map(({ x }) => x);
  return { x: Math.round((Math.min(...xs) + Math.max(...xs)) / 2), y: middle.y };
}

/** Clicks on it as the person at the machine. */
export async function pressButton(desktop: Desktop, button: keyof typeof BUTTON): Promise<void> {
  const place = await findButton(desktop, button);
  if (!place) throw new Error(`The window with the button '${button}' is not on the screen.`);
  await pressAtTheMachine(desktop, `@${place.x},${place.y}`);
}

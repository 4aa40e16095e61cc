import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { type Log, silentLog } from '../core/log.ts';
import { XServer } from '../input/test/x-server.ts';
import { X11Connection } from '../input/x11-connection.ts';
import { loadX11Library } from '../input/x11-library.ts';
import { createChildWindows } from './child-window.ts';
import { layoutPanel, type PanelLayout } from './layout.ts';
import type { Panel, PanelWindow } from './panel.ts';
import { X11Canvas } from './x11-canvas.ts';
import { loadX11DrawingLibrary } from './x11-drawing-library.ts';

const ENTRY = fileURLToPath(new URL('./window-entry.ts', import.meta.url));
const WIDTH = 1000;
const HEIGHT = 600;
const KEYCODE = { tab: 23, enter: 36 };

const QUESTION: Panel = {
  kind: 'question',
  title: 'Let Anna Berg see and control this computer?',
  lines: ['You can stop at any time.'],
  buttons: [
    { id: 'refuse', label: 'Refuse', look: 'plain' },
    { id: 'control', label: 'Allow', look: 'primary' },
  ],
};
const BANNER: Panel = {
  kind: 'banner',
  title: 'Anna Berg can see this computer',
  lines: [],
  buttons: [{ id: 'stop', label: 'Stop', look: 'danger' }],
};

let xServer: XServer;
let person: X11Connection;
let window: PanelWindow;
let pressed: string[];
let unavailable: string[];

beforeAll(async () => {
  xServer = await XServer.start(WIDTH, HEIGHT);
  person = new X11Connection(loadX11Library(), xServer.display);
});
afterAll(async () => {
  person.close();
  await xServer.stop();
});

/** Window processes in the order they were started. */
const pids: number[] = [];
const log: Log = {
  ...silentLog,
  info: (fields) => {
    if ('pid' in fields && typeof fields.pid === 'number') pids.push(fields.pid);
  },
};

function open(display: string): PanelWindow {
  const openWindow = createChildWindows({
    entry: ENTRY,
    execArgv: ['--import', 'tsx'],
    display,
    clock: systemClock,
    random: () => 0,
    log,
  });
  return openWindow({
    onPressed: (id) => pressed.push(id),
    onUnavailable: (reason) => unavailable.push(reason),
  });
}

beforeEach(() => {
  pressed = [];
  unavailable = [];
  pids.length = 0;
  window = open(xServer.display);
});
afterEach(() => window.close());

/** Where everything of a panel is, as the window process computes it. */
function layoutOf(panel: Panel): PanelLayout {
  const library = loadX11DrawingLibrary();
  const display = library.openDisplay(xServer.display);
  if (display === null) throw new Error('no display');
  const canvas = new X11Canvas(library, display);
  const layout = layoutPanel(panel, canvas.sizes, canvas.measure, WIDTH - 16);
  library.closeDisplay(display);
  return layout;
}

/** Whether a window gets what is typed; on an empty desktop it is none, or the root. */
function hasKeyboardOwner(): boolean {
  const library = loadX11DrawingLibrary();
  const display = library.openDisplay(xServer.display);
  if (display === null) throw new Error('no display');
  const owner = new BigUint64Array(1);
  library.getInputFocus(display, owner, new Int32Array(1));
  const root = library.rootWindow(display, library.defaultScreen(display));
  library.closeDisplay(display);
  const [window] = owner;
  return window !== 0n && window !== 1n && window !== BigInt(root);
}

/** Presses and lets go until the window is there to take it. */
async function clickUntilPressed(x: number, y: number, id: string): Promise<void> {
  await vi.waitFor(
    () => {
      person.move(x, y);
      person.button(1, true);
      person.button(1, false);
      person.flush();
      expect(pressed).toContain(id);
    },
    { timeout: 10_000, interval: 100 },
  );
}

it('answers a question by the mouse', async () => {
  window.show(QUESTION);
  const layout = layoutOf(QUESTION);
  const left = Math.round((WIDTH - layout.width) / 2);
  const top = Math.round((HEIGHT - layout.height) / 3);
  const allow = layout.buttons[1];
  if (!allow) throw new Error('no button');
  await clickUntilPressed(left + allow.x + 5, top + allow.y + 5, 'control');
});

it('answers a question by the keyboard, and not before a button was chosen with Tab', async () => {
  const untilNobodyHasIt = () => vi.waitFor(() => expect(hasKeyboardOwner()).toBe(false), { timeout: 5_000 });
  // The window of the test before goes with its process.
  await untilNobodyHasIt();
  window.show(QUESTION);
  await vi.waitFor(() => expect(hasKeyboardOwner()).toBe(true), { timeout: 10_000 });
  for (const keycode of [KEYCODE.enter, KEYCODE.tab, KEYCODE.enter]) {
    person.key(keycode, true);
    person.key(keycode, false);
  }
  person.flush();
  await vi.waitFor(() => expect(pressed).toEqual(['refuse']), { timeout: 5_000 });
  window.show(undefined);
  await untilNobodyHasIt();
});

it('keeps the button that was chosen while the question counts down', async () => {
  await vi.waitFor(() => expect(hasKeyboardOwner()).toBe(false), { timeout: 5_000 });
  const press = (keycode: number) => {
    person.key(keycode, true);
    person.key(keycode, false);
    person.flush();
  };
  window.show({ ...QUESTION, lines: ['Without an answer this is allowed in 9 s.'] });
  await vi.waitFor(() => expect(hasKeyboardOwner()).toBe(true), { timeout: 10_000 });
  press(KEYCODE.tab);
  for (const seconds of [8, 7, 6]) {
    window.show({ ...QUESTION, lines: [`Without an answer this is allowed in ${seconds} s.`] });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  press(KEYCODE.enter);
  await vi.waitFor(() => expect(pressed).toEqual(['refuse']), { timeout: 5_000 });
});

it('stops by the banner, also after it was dragged away', async () => {
  window.show(BANNER);
  const layout = layoutOf(BANNER);
  const left = Math.round((WIDTH - layout.width) / 2);
  const stop = layout.buttons[0];
  if (!stop) throw new Error('no button');
  await clickUntilPressed(left + stop.x + 5, stop.y + 5, 'stop');
  person.move(left + 4, 4);
  person.button(1, true);
  person.move(left + 4, 204);
  person.button(1, false);
  person.flush();
  pressed.length = 0;
  await clickUntilPressed(left + stop.x + 5, 200 + stop.y + 5, 'stop');
});

it('is there again after its process was killed', async () => {
  window.show(BANNER);
  const layout = layoutOf(BANNER);
  const stop = layout.buttons[0];
  if (!stop) throw new Error('no button');
  const left = Math.round((WIDTH - layout.width) / 2);
  await clickUntilPressed(left + stop.x + 5, stop.y + 5, 'stop');
  process.kill(pids.at(-1) ?? 0, 'SIGKILL');
  pressed.length = 0;
  await clickUntilPressed(left + stop.x + 5, stop.y + 5, 'stop');
  expect(pids).toHaveLength(2);
});

it('says so when there is no display', async () => {
  const nowhere = open(':9999');
  nowhere.show(BANNER);
  await vi.waitFor(() => expect(unavailable).toHaveLength(1), { timeout: 15_000 });
  expect(unavailable[0]).toContain("':9999'");
  nowhere.close();
});

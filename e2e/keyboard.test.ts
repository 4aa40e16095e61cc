import type { CDPSession, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { DE, type LayoutKey, US } from '../agent/src/input/test/layouts.ts';
import { type Desktop, setLayout } from '../tools/stack/desktop.ts';
import type { ManagedProcess } from '../tools/stack/managed-process.ts';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { stageOfThisFile } from './support/stage.ts';
import { focusStage, openViewer, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { heldKeys, runXProgram } from './support/x-programs.ts';

const stage = stageOfThisFile();
let stack: Stack;
let desktop: Desktop;
let viewer: Page;
let keyboard: CDPSession;
let events: ManagedProcess;

beforeAll(async () => {
  stack = await stage.startStack();
  desktop = await stage.startDesktop({ width: 1280, height: 720, windowManager: false });
  const session = await stack.createSession({ consentRequired: false });
  await stage.startAgent({ server: stack.url, code: session.code, desktop });
  const browser = await stage.launchBrowser();
  const context = await newPerson(browser, { viewport: { width: 1280, height: 720 } });
  await signInPage(await context.newPage(), stack.url, stack.adminUser);
  viewer = await openViewer(context, stack.url, session.id);
  await untilLive(viewer);
  keyboard = await context.newCDPSession(viewer);
  events = await runXProgram(desktop, 'key-text');
  await focusStage(viewer);
});

const SHIFT = 8;

/** A key as a browser on a machine with that layout tells it. */
async function press(code: string, key: string, modifiers = 0): Promise<void> {
  const event = { code, key, modifiers, location: code.startsWith('Numpad') ? 3 : 0 };
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...event });
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
}

async function hold(code: string, key: string, modifiers: number, work: () => Promise<void>): Promise<void> {
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', code, key, modifiers });
  await work();
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', code, key });
}

async function typeKey(code: string, character: string, level: number): Promise<void> {
  const shifted = (level & 1) !== 0;
  const alternate = (level & 2) !== 0;
  // AltGr is neither Ctrl nor Alt to a browser; the protocol has no bit for it, the key itself tells.
  const modifiers = shifted ? SHIFT : 0;
  const typed = () => press(code, character, modifiers);
  const withShift = () => (shifted ? hold('ShiftLeft', 'Shift', modifiers, typed) : typed());
  await (alternate ? hold('AltRight', 'AltGraph', modifiers, withShift) : withShift());
}

async function typeLayout(layout: readonly LayoutKey[]): Promise<string> {
  let typed = '';
  for (const [code, levels] of layout) {
    for (const [level, character] of levels.entries()) {
      if (character === undefined) continue;
      await typeKey(code, character, level);
      typed += character;
    }
  }
  return typed;
}

describe('every key of a layout arrives through the browser, and nothing sticks (V2)', () => {
  test.each([
    ['us', 'us', US],
    ['de', 'de', DE],
    ['de', 'us', DE],
    ['us', 'de', US],
  ])('%s keyboard to %s desktop', async (_from, to, layout) => {
    await setLayout(desktop, to);
    const before = textOf(events.output).length;
    const typed = await typeLayout(layout);
    await until('all of it arrived', () => textOf(events.output).length - before >= typed.length).catch(
      () => undefined,
    );
    expect(textOf(events.output).slice(before)).toBe(typed);
    expect(await heldKeys(desktop)).toEqual({ keys: 0, buttons: 0 });
  });
});

test('keys without a character arrive as themselves (V2)', async () => {
  await setLayout(desktop, 'us');
  const keys = [
    'Escape',
    'F1',
    'F12',
    'Tab',
    'Enter',
    'Backspace',
    'Insert',
    'Delete',
    'Home',
    'End',
    'PageUp',
    'PageDown',
    'ArrowUp',
    'ArrowDown',
    'ArrowLeft',
    'ArrowRight',
    'ContextMenu',
    'Pause',
    'ScrollLock',
  ];
  const expected = [
    'Escape',
    'F1',
    'F12',
    'Tab',
    'Return',
    'BackSpace',
    'Insert',
    'Delete',
    'Home',
    'End',
    'Prior',
    'Next',
    'Up',
    'Down',
    'Left',
    'Right',
    'Menu',
    'Pause',
    'Scroll_Lock',
  ];
  const from = events.output.length;
  for (const key of keys) await press(key, key);
  await events.waitFor(/press Scroll_Lock .*\n/, 5_000, from);
  const seen = [...events.output.slice(from).matchAll(/^press (\S+)/gm)].map((match) => match[1]);
  expect(seen).toEqual(expected);
});

test('modifiers do not stick when the window loses the focus while they are held (V2)', async () => {
  await keyboard.send('Input.dispatchKeyEvent', {
    type: 'rawKeyDown',
    code: 'ControlLeft',
    key: 'Control',
    modifiers: 2,
  });
  await keyboard.send('Input.dispatchKeyEvent', {
    type: 'rawKeyDown',
    code: 'ShiftLeft',
    key: 'Shift',
    modifiers: 10,
  });
  await until('both are down', async () => (await heldKeys(desktop)).keys === 2);
  await viewer.evaluate(() => window.dispatchEvent(new Event('blur')));
  await until('both are up', async () => (await heldKeys(desktop)).keys === 0);
});

test('Ctrl-Alt-Del and others come from the special keys menu (V2)', async () => {
  const from = events.output.length;
  await viewer.keyboard.press('Control+Alt+Shift+T');
  await viewer.getByRole('button', { name: 'Special keys' }).click();
  await viewer.getByRole('menuitem', { name: 'Ctrl + Alt + Del' }).click();
  await events.waitFor(/press Delete .*\n/, 5_000, from);
  expect(events.output.slice(from)).toMatch(/press Control_L[\s\S]*press Alt_L[\s\S]*press Delete/);
  await until('nothing is held', async () => (await heldKeys(desktop)).keys === 0);
});

/** The characters that an application was given, in order. */
function textOf(output: string): string {
  const bytes = [...output.matchAll(/^press \S+ \S+ ([0-9a-f]*)$/gm)].map((match) => match[1] ?? '');
  return Buffer.from(
    bytes.filter((hex) => hex !== '' && !/^(0[0-9a-f]|1b|7f)$/.test(hex)).join(''),
    'hex',
  ).toString('utf8');
}

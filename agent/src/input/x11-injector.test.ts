import { type KeyCode, MODIFIER, USAGE_OF_CODE } from '@guruconnect/shared';
import koffi from 'koffi';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Injector } from './injector.ts';
import { KEYSYM } from './keysyms.ts';
import { EventRecorder, type SeenKey } from './test/event-recorder.ts';
import { Technician } from './test/technician.ts';
import { XServer } from './test/x-server.ts';
import { X11Connection } from './x11-connection.ts';
import { openX11Injector } from './x11-injector.ts';
import { loadX11Library } from './x11-library.ts';

const SHIFT = 1;
const LOCK = 2;
const CONTROL = 4;
const ALT = 8;

let server: XServer;
let recorder: EventRecorder;
let injector: Injector;
let observer: X11Connection;
let technician: Technician;

beforeAll(async () => {
  server = await XServer.start();
  await server.setLayout('us');
  recorder = await EventRecorder.start(server);
  injector = openX11Injector(server.display);
  observer = new X11Connection(loadX11Library(), server.display);
  technician = new Technician(injector);
});

afterEach(async () => {
  injector.releaseAll();
  await recorder.take(injector);
  expect(observer.keysDown()).toEqual([]);
  lock(0xff, 0);
});

afterAll(async () => {
  observer.close();
  injector.close();
  await recorder.stop();
  await server.stop();
});

/** Locks modifiers on the desktop and waits until it is done. */
function lock(mask: number, values: number): void {
  observer.lockModifiers(mask, values);
  observer.state();
}

/** Sets the first three buttons like `xmodmap -e 'pointer = …'`. */
async function setPointerMapping(buttons: readonly number[]): Promise<void> {
  const x11 = koffi.load('libX11.so.6');
  const display: bigint = x11.func('void *XOpenDisplay(const char *)')(server.display);
  const map = Uint8Array.from([...buttons, 4, 5, 6, 7, 8, 9, 10]);
  expect(x11.func('int XSetPointerMapping(void *, void *, int)')(display, map, map.length)).toBe(0);
  x11.func('int XCloseDisplay(void *)')(display);
  await recorder.take(injector);
}

/** The presses of keys that are no modifiers. */
async function presses(): Promise<SeenKey[]> {
  const keys = await recorder.takeKeys(injector);
  return keys.filter(
    (key) => key.down && (key.keysym < 0xffe1 || key.keysym > 0xffee) && key.keysym !== 0xfe03,
  );
}

describe('shortcuts', () => {
  test.each([
    ['us', 'KeyC', 'c'],
    ['us', 'KeyZ', 'z'],
    ['us', 'KeyA', 'a'],
    ['de', 'KeyC', 'c'],
    ['de', 'KeyY', 'z'],
    ['fr', 'KeyZ', 'z'],
    ['fr', 'KeyA', 'a'],
    ['ru', 'KeyA', 'a'],
  ] as const)(
    'Control and a letter reach a %s desktop as that letter (%s is %s)',
    async (to, code, character) => {
      await server.setLayout(to === 'ru' ? 'us,ru' : to);
      if (to === 'ru') observer.lockGroup(1);
      observer.state();
      technician.chord(['ControlLeft'], code, character);
      expect(await presses()).toMatchObject([{ keysym: character.charCodeAt(0), state: CONTROL }]);
      observer.lockGroup(0);
      observer.state();
    },
  );

  test('a remote CapsLock does not turn Control+C into Control+Shift+C', async () => {
    await server.setLayout('us');
    lock(LOCK, LOCK);
    technician.chord(['ControlLeft'], 'KeyC', 'c');
    expect(await presses()).toMatchObject([{ keycode: 54, state: CONTROL | LOCK }]);
  });

  test("the technician's CapsLock does not turn Control+C into Control+Shift+C", async () => {
    technician.chord(['ControlLeft'], 'KeyC', 'C');
    expect(await presses()).toMatchObject([{ keysym: 0x63, state: CONTROL }]);
  });

  test('Shift stays in Control+Shift+Z', async () => {
    await server.setLayout('de');
    technician.chord(['ControlLeft', 'ShiftLeft'], 'KeyZ', 'Z');
    expect(await presses()).toMatchObject([{ keysym: 0x5a, state: CONTROL | SHIFT }]);
  });

  test('a Cyrillic Control+С is Control+C where no key has the letter', async () => {
    await server.setLayout('us');
    technician.chord(['ControlLeft'], 'KeyC', 'с');
    expect(await presses()).toMatchObject([{ keysym: 0x63, state: CONTROL }]);
  });

  test('Alt+F4, Shift+Right and Control+Alt+Delete keep their modifiers', async () => {
    technician.chord(['AltLeft'], 'F4');
    technician.chord(['ShiftLeft'], 'ArrowRight');
    technician.chord(['ControlLeft', 'AltLeft'], 'Delete');
    expect(await presses()).toMatchObject([
      { keysym: 0xffc1, state: ALT },
      { keysym: 0xff53, state: SHIFT },
      { keysym: 0xffff, state: CONTROL | ALT },
    ]);
  });

  test('modifiers work where the user has moved them to other keys', async () => {
    await server.setLayout('us', '-option', 'ctrl:swapcaps');
    technician.chord(['ControlLeft'], 'KeyC', 'c');
    expect(await presses()).toMatchObject([{ keysym: 0x63, state: CONTROL }]);
    await server.setLayout('us');
  });
});

describe('AltGr', () => {
  test('is swallowed where the remote key is Alt, and the character still arrives', async () => {
    await server.setLayout('us');
    technician.altGrDown();
    technician.press('KeyQ', '@');
    technician.altGrUp();
    const keys = await recorder.takeKeys(injector);
    expect(keys.filter((key) => key.down).map((key) => key.keysym)).toEqual([KEYSYM.shiftLeft, 0x40]);
    expect(keys.every((key) => (key.state & ALT) === 0)).toBe(true);
  });

  test("a technician's right Alt is Alt where the remote key is AltGr", async () => {
    await server.setLayout('de');
    injector.key({
      usage: USAGE_OF_CODE.AltRight,
      codePoint: 0,
      down: true,
      repeat: false,
      modifiers: MODIFIER.alt,
    });
    technician.press('F4');
    injector.key({ usage: USAGE_OF_CODE.AltRight, codePoint: 0, down: false, repeat: false, modifiers: 0 });
    expect(await presses()).toMatchObject([{ keysym: 0xffc1, state: ALT }]);
  });

  test('held on both sides does not get in the way of characters without it', async () => {
    technician.altGrDown();
    technician.press('KeyQ', '@');
    technician.press('KeyX', 'x');
    technician.press('KeyE', '€');
    technician.altGrUp();
    expect(await recorder.takeText(injector)).toBe('@x€');
  });
});

describe('locks', () => {
  test.each(['us', 'de', 'fr'])(
    'a remote CapsLock on a %s desktop does not change what was typed',
    async (to) => {
      await server.setLayout(to);
      technician.press('CapsLock');
      await recorder.take(injector);
      expect(observer.state().locked & LOCK).toBe(LOCK);
      technician.press('KeyA', 'a');
      technician.chord(['ShiftLeft'], 'KeyA', 'A');
      technician.press('Minus', 'ß');
      technician.press('Semicolon', 'ö');
      technician.press('KeyE', 'é');
      technician.press('KeyX', 'ł');
      technician.press('Digit1', '1');
      injector.text('aA ßöÖ é 1');
      expect(await recorder.takeText(injector)).toBe('aAßöéł1aA ßöÖ é 1');
      expect(observer.state().locked & LOCK).toBe(LOCK);
      technician.press('CapsLock');
      await recorder.take(injector);
      expect(observer.state().locked & LOCK).toBe(0);
    },
  );

  test.each([true, false])('keypad digits arrive with the remote NumLock on: %s', async (on) => {
    await server.setLayout('us');
    lock(16, on ? 16 : 0);
    technician.press('Numpad1', '1');
    technician.press('Numpad0', '0');
    technician.press('NumpadDecimal', '.');
    technician.press('NumpadAdd', '+');
    expect(await recorder.takeText(injector)).toBe('10.+');
  });

  test.each([
    [true, [0xff57, 0xff51, 0xff63, 0xffff]],
    [false, [0xff9c, 0xff96, 0xff9e, 0xff9f]],
  ])('keypad movement arrives with the remote NumLock on: %s', async (on, keysyms) => {
    lock(16, on ? 16 : 0);
    for (const code of ['Numpad1', 'Numpad4', 'Numpad0', 'NumpadDecimal'] as const) technician.press(code);
    expect((await presses()).map((key) => key.keysym)).toEqual(keysyms);
  });
});

describe('repeats', () => {
  test('are those of the technician and not of the server', async () => {
    await server.setLayout('us');
    technician.down('KeyA', 'a');
    // Longer than the server's own delay of 660 ms: that it does nothing has no event to wait for.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await recorder.takeText(injector)).toBe('a');
    for (let i = 0; i < 5; i++) technician.down('KeyA', 'a', true);
    technician.up('KeyA');
    expect(await recorder.takeText(injector)).toBe('aaaaa');
  });

  test("leave the server's own repeat as it was for the local keyboard", async () => {
    technician.down('KeyA', 'a');
    technician.up('KeyA');
    await recorder.take(injector);
    observer.key(38, true);
    observer.flush();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    observer.key(38, false);
    observer.flush();
    expect((await recorder.takeText(injector)).length).toBeGreaterThan(2);
  });

  test('of modifiers and locks press nothing', async () => {
    technician.down('ShiftLeft');
    technician.down('ShiftLeft', '', true);
    technician.up('ShiftLeft');
    technician.down('CapsLock');
    technician.down('CapsLock', '', true);
    technician.up('CapsLock');
    const keys = await recorder.takeKeys(injector);
    expect(keys.map((key) => key.keysym)).toEqual([
      KEYSYM.shiftLeft,
      KEYSYM.shiftLeft,
      KEYSYM.capsLock,
      KEYSYM.capsLock,
    ]);
  });
});

describe('releases', () => {
  test('match their presses though the layout changed in between', async () => {
    await server.setLayout('us');
    technician.down('KeyY', 'y');
    await server.setLayout('de');
    technician.up('KeyY', 'z');
    const keys = await recorder.takeKeys(injector);
    expect(keys.map(({ down, keycode }) => [down, keycode])).toEqual([
      [true, 29],
      [false, 29],
    ]);
    technician.press('KeyY', 'y');
    expect(await recorder.takeText(injector)).toBe('y');
  });

  test('a held list releases exactly the keys that are not in it', async () => {
    await server.setLayout('us');
    technician.down('ShiftLeft');
    technician.down('KeyA', 'A');
    technician.down('KeyB', 'B');
    injector.held([USAGE_OF_CODE.ShiftLeft, USAGE_OF_CODE.KeyB]);
    await recorder.take(injector);
    expect(observer.keysDown()).toEqual([50, 56]);
    injector.held([]);
    await recorder.take(injector);
    expect(observer.keysDown()).toEqual([]);
    expect(observer.state().modifiers).toBe(0);
  });

  test('releaseAll releases every key, modifier and button', async () => {
    const codes = [
      'ControlLeft',
      'ShiftRight',
      'AltLeft',
      'MetaLeft',
      'KeyX',
      'F5',
    ] as const satisfies KeyCode[];
    for (const code of codes) technician.down(code);
    technician.altGrDown();
    injector.button(0, true);
    injector.button(2, true);
    injector.releaseAll();
    const events = await recorder.take(injector);
    expect(events.filter((event) => event.startsWith('button-release')).length).toBe(2);
    expect(observer.keysDown()).toEqual([]);
    expect(observer.state().modifiers).toBe(0);
  });

  test('closing, twice, releases everything and gives lent keys back', async () => {
    await server.setLayout('us');
    const before = observer.keymap().unusedKeycodes();
    const other = openX11Injector(server.display);
    const hands = new Technician(other);
    hands.down('ControlLeft');
    hands.up('ControlLeft');
    hands.down('KeyA', '漢');
    hands.down('ShiftLeft');
    other.close();
    other.close();
    observer.state();
    expect(observer.keysDown()).toEqual([]);
    expect(observer.keymap().unusedKeycodes()).toEqual(before);
  });

  test('an injector that opens lets go what a killed one left down', async () => {
    observer.key(50, true);
    observer.key(37, true);
    observer.state();
    expect(observer.keysDown()).toEqual([37, 50]);
    const other = openX11Injector(server.display);
    other.text('');
    other.close();
    expect(observer.keysDown()).toEqual([]);
  });
});

describe('text', () => {
  test('with line ends, tabs, emoji, CJK and composed letters arrives whole', async () => {
    await server.setLayout('us');
    const text = 'Grüße, ñandú — «déjà vu» €5\tΩμέγα Привет 日本語 한국어 👍🏽 x²≤√π';
    injector.text(text);
    expect(await recorder.takeText(injector)).toBe(text);
    injector.text('a\r\nb\nc');
    expect(await recorder.takeText(injector)).toBe('a\rb\rc');
  });

  test('of many characters that no key has waits for keys and stays in order with what follows', async () => {
    const ideographs = Array.from({ length: 60 }, (_, index) =>
      String.fromCodePoint(0x4e00 + 7 * index),
    ).join('');
    injector.text(ideographs);
    technician.press('KeyA', 'a');
    injector.text('b');
    expect(await recorder.takeText(injector)).toBe(`${ideographs}ab`);
  });

  test('is no shortcut while Control is held, and Control is held again afterwards', async () => {
    technician.down('ControlLeft');
    injector.text('Wq');
    technician.press('KeyC', 'c');
    technician.up('ControlLeft');
    expect(await presses()).toMatchObject([
      { keysym: 0x57, state: SHIFT },
      { keysym: 0x71, state: 0 },
      { keysym: 0x63, state: CONTROL },
    ]);
  });

  test('releaseAll forgets what still waits to be typed', async () => {
    injector.text('abc怀怂怃');
    technician.down('KeyD', 'd');
    injector.releaseAll();
    injector.text('z怅');
    await expect.poll(() => observer.keysDown()).toEqual([]);
    expect(await recorder.takeText(injector)).toBe('abcz怅');
  });

  test('characters of keys that the browser cannot name arrive', async () => {
    injector.key({ usage: 0, codePoint: 0xe9, down: true, repeat: false, modifiers: 0 });
    injector.key({ usage: 0, codePoint: 0xe9, down: false, repeat: false, modifiers: 0 });
    injector.key({ usage: 0, codePoint: 0x0d, down: true, repeat: false, modifiers: 0 });
    expect(await recorder.takeText(injector)).toBe('é\r');
  });
});

describe('the pointer', () => {
  test('reaches every corner', async () => {
    const corners = [
      [0, 0],
      [1279, 0],
      [1279, 719],
      [0, 719],
    ] as const;
    for (const [x, y] of corners) injector.move(x, y);
    const events = await recorder.take(injector);
    expect(events).toEqual(corners.map(([x, y]) => `motion ${x} ${y}`));
  });

  test('beyond the screen stays at its edge', async () => {
    injector.move(640, 360);
    injector.move(60000, 60000);
    expect((await recorder.take(injector)).at(-1)).toBe('motion 1279 719');
  });

  test('presses left, middle, right, back and forward', async () => {
    for (let button = 0; button < 5; button++) {
      injector.button(button, true);
      injector.button(button, false);
    }
    const seen = (await recorder.take(injector)).filter((event) => event.startsWith('button-press'));
    expect(seen.map((event) => event.split(' ')[1])).toEqual(['1', '2', '3', '8', '9']);
    expect(() => injector.button(5, true)).toThrow('Unknown pointer button.');
  });

  test('presses by meaning where the user has exchanged left and right', async () => {
    for (const mapping of [
      [3, 2, 1],
      [1, 2, 3],
    ]) {
      await setPointerMapping(mapping);
      injector.button(0, true);
      injector.button(0, false);
      const seen = (await recorder.take(injector)).filter((event) => event.startsWith('button-'));
      expect(seen.map((event) => event.split(' ')[1])).toEqual(['1', '1']);
    }
  });

  test('turns the wheel by whole notches and keeps the parts', async () => {
    injector.wheel(0, 120);
    injector.wheel(0, -240);
    injector.wheel(120, 0);
    injector.wheel(-120, 0);
    for (let i = 0; i < 4; i++) injector.wheel(0, 30);
    injector.wheel(0, 60);
    injector.wheel(0, -60);
    injector.wheel(0, -60);
    const seen = (await recorder.take(injector)).filter((event) => event.startsWith('button-press'));
    expect(seen.map((event) => event.split(' ')[1])).toEqual(['5', '4', '4', '7', '6', '5', '4']);
  });

  test('makes a thousand moves without losing the last', async () => {
    for (let i = 0; i < 1000; i++) injector.move(i, 300);
    expect((await recorder.take(injector)).at(-1)).toBe('motion 999 300');
  });
});

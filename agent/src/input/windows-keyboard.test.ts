import { MODIFIER, USAGE_OF_CODE } from '@guruconnect/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { scanCodeOfUsage } from './hid-to-scan-code.ts';
import type { KeyInput } from './injector.ts';
import type { CharacterKey, WindowsInput, WindowsInputEvent } from './windows-input.ts';
import { WindowsKeyboard } from './windows-keyboard.ts';

const US = 0x409n;
const GERMAN = 0x407n;

type Row = readonly [
  scanCode: number,
  plain: string,
  shifted: string,
  altGr?: string | undefined,
  dead?: string,
];
/** The part of the two layouts that the tests use, as their keyboards have it printed on. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  [`${US}`]: [
    [0x02, '1', '!'],
    [0x03, '2', '@'],
    [0x10, 'q', 'Q'],
    [0x15, 'y', 'Y'],
    [0x1e, 'a', 'A'],
    [0x2c, 'z', 'Z'],
    [0x2e, 'c', 'C'],
    [0x07, '6', '^'],
  ],
  [`${GERMAN}`]: [
    [0x02, '1', '!'],
    [0x03, '2', '"', '²'],
    [0x10, 'q', 'Q', '@'],
    [0x15, 'z', 'Z'],
    [0x1e, 'a', 'A'],
    [0x2c, 'y', 'Y'],
    [0x2e, 'c', 'C'],
    [0x29, '^', '°', undefined, '^'],
  ],
};

/** Windows as far as the keyboard sees it; what was sent is kept as readable words. */
class FakeWindows implements WindowsInput {
  readonly sent: string[] = [];
  current = US;
  locks = { capsLock: false, numLock: false };

  send(events: readonly WindowsInputEvent[]): void {
    for (const event of events) this.sent.push(wordOf(event));
  }

  layout(): bigint {
    return this.current;
  }

  characterKey(unit: number, layout: bigint): CharacterKey | undefined {
    const character = String.fromCharCode(unit);
    for (const [scanCode, plain, shifted, altGr, dead] of ROWS[`${layout}`] ?? []) {
      const isDead = dead === character;
      if (plain === character) return { scanCode, shift: false, altGr: false, isDead };
      if (shifted === character) return { scanCode, shift: true, altGr: false, isDead };
      if (altGr === character) return { scanCode, shift: false, altGr: true, isDead };
    }
    return undefined;
  }

  isSameKey(scanCode: number, other: number): boolean {
    return scanCode === other;
  }

  isLocked(lock: 'capsLock' | 'numLock'): boolean {
    return this.locks[lock];
  }

  buttonsSwapped(): boolean {
    return false;
  }

  close(): void {}
}

function wordOf(event: WindowsInputEvent): string {
  if (event.type === 'key') return `${event.down ? '+' : '-'}${event.scanCode.toString(16)}`;
  if (event.type === 'unicode') return `${event.down ? '+' : '-'}U${event.unit.toString(16)}`;
  return event.type;
}

let windows: FakeWindows;
let keyboard: WindowsKeyboard;

beforeEach(() => {
  windows = new FakeWindows();
  keyboard = new WindowsKeyboard(windows);
});

type Code = keyof typeof USAGE_OF_CODE;

function press(code: Code, character = '', more: Partial<KeyInput> = {}): void {
  keyboard.key({
    usage: USAGE_OF_CODE[code],
    codePoint: character.codePointAt(0) ?? 0,
    down: true,
    repeat: false,
    modifiers: 0,
    ...more,
  });
}

function release(code: Code): void {
  keyboard.key({ usage: USAGE_OF_CODE[code], codePoint: 0, down: false, repeat: false, modifiers: 0 });
}

/** What was sent since the last call. */
function sent(): string[] {
  return windows.sent.splice(0);
}

describe('a character', () => {
  it('is pressed on the key that has it, and the same key goes up', () => {
    press('KeyA', 'a');
    release('KeyA');
    expect(sent()).toEqual(['+1e', '-1e']);
  });

  it('is found on the remote layout, whatever the technician’s is', () => {
    windows.current = GERMAN;
    press('KeyY', 'y');
    release('KeyY');
    expect(sent()).toEqual(['+2c', '-2c']);
  });

  it('has Shift for its press alone when the technician holds none', () => {
    press('KeyQ', '@');
    expect(sent()).toEqual(['+2a', '+3', '-2a']);
  });

  it('has a held Shift lifted for its press when the remote key wants none', () => {
    press('ShiftLeft');
    press('Digit7', '1');
    expect(sent()).toEqual(['+2a', '-2a', '+2', '+2a']);
  });

  it('of the third level comes with AltGr', () => {
    windows.current = GERMAN;
    press('Digit2', '@');
    expect(sent()).toEqual(['+1d', '+e038', '+10', '-e038', '-1d']);
  });

  it('that the technician made with AltGr is no shortcut on a layout without it', () => {
    press('ControlLeft');
    press('AltRight', '', { modifiers: MODIFIER.altGraph });
    press('KeyQ', '@', { modifiers: MODIFIER.altGraph });
    release('KeyQ');
    expect(sent()).toEqual(['+1d', '-1d', '+2a', '+3', '-2a', '+1d', '-3']);
  });

  it('keeps its case when CapsLock is on there', () => {
    windows.locks.capsLock = true;
    press('KeyA', 'a');
    press('Digit1', '1');
    expect(sent()).toEqual(['+2a', '+1e', '-2a', '+2']);
  });

  it('that the layout lacks, or has on a dead key, is sent as Unicode, again for each repeat', () => {
    press('KeyA', '€');
    press('KeyA', '€', { repeat: true });
    release('KeyA');
    expect(sent()).toEqual(['+U20ac', '-U20ac', '+U20ac', '-U20ac']);
    windows.current = GERMAN;
    press('Digit6', '^');
    expect(sent()).toEqual(['+U5e', '-U5e']);
  });

  it('that repeats goes down again without going up', () => {
    press('KeyA', 'a');
    press('KeyA', 'a', { repeat: true });
    release('KeyA');
    expect(sent()).toEqual(['+1e', '+1e', '-1e']);
  });
});

describe('a shortcut', () => {
  it('is pressed with exactly what is held', () => {
    press('ControlLeft');
    press('ShiftLeft');
    press('KeyC', 'C');
    expect(sent()).toEqual(['+1d', '+2a', '+2e']);
  });

  it('finds its letter on the remote layout', () => {
    windows.current = GERMAN;
    press('ControlLeft');
    press('KeyZ', 'z');
    expect(sent()).toEqual(['+1d', '+15']);
  });

  it('of another script is the physical key', () => {
    press('ControlLeft');
    press('KeyC', 'с');
    expect(sent()).toEqual(['+1d', '+2e']);
  });
});

describe('keys without a character', () => {
  it('are pressed by their place', () => {
    press('ArrowLeft');
    press('F5');
    press('NumpadEnter', '\r');
    expect(sent()).toEqual(['+e04b', '+3f', '+e01c']);
  });

  it('of the keypad move where the technician’s NumLock is off, and type where it is on', () => {
    windows.locks.numLock = true;
    press('Numpad4');
    press('Numpad7', '7');
    expect(sent()).toEqual(['+e04b', '+47']);
  });

  it('include AltGr only where the remote key is AltGr', () => {
    press('AltRight', '', { modifiers: MODIFIER.altGraph });
    expect(sent()).toEqual([]);
    windows.current = GERMAN;
    press('AltRight', '', { modifiers: MODIFIER.altGraph });
    expect(sent()).toEqual(['+e038']);
  });
});

describe('text', () => {
  it('comes as Unicode with nothing held, with one Return a line', () => {
    press('ShiftLeft');
    sent();
    keyboard.text('a\r\n😀');
    expect(sent()).toEqual([
      '-2a',
      '+U61',
      '-U61',
      '+1c',
      '-1c',
      '+Ud83d',
      '-Ud83d',
      '+Ude00',
      '-Ude00',
      '+2a',
    ]);
  });

  it('opens no menu by lifting Alt or the Windows key', () => {
    press('AltLeft');
    sent();
    keyboard.text('a');
    expect(sent().slice(0, 3)).toEqual(['+1d', '-1d', '-38']);
  });
});

describe('letting go', () => {
  it('releases what is not held any more, modifiers last', () => {
    press('ShiftLeft');
    press('KeyA', 'A');
    press('KeyC', 'C');
    sent();
    keyboard.held([USAGE_OF_CODE.KeyC]);
    expect(sent()).toEqual(['-1e', '-2a']);
    keyboard.releaseAll();
    keyboard.releaseAll();
    expect(sent()).toEqual(['-2e']);
  });
});

it('every key of a keyboard has a scan code of its own', () => {
  const codes = Object.values(USAGE_OF_CODE)
    .map(scanCodeOfUsage)
    .filter((code) => code !== 0);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.length).toBeGreaterThan(100);
});

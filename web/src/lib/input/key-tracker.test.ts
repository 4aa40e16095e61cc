import { MODIFIER, USAGE_OF_CODE } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { codePointOf, type KeyAction, type KeyStroke, KeyTracker } from './key-tracker.ts';

const stroke = (code: string, key: string, more: Partial<KeyStroke> = {}): KeyStroke => ({
  down: true,
  code,
  key,
  repeat: false,
  modifiers: 0,
  timeMs: 1000,
  ...more,
});
const up = (code: string, key: string, more: Partial<KeyStroke> = {}) =>
  stroke(code, key, { down: false, ...more });
const short = (actions: readonly KeyAction[]) =>
  actions.map(({ usage, down, repeat }) => `${down ? (repeat ? '=' : '+') : '-'}${nameOf(usage)}`);
const nameOf = (usage: number) =>
  Object.entries(USAGE_OF_CODE).find(([, value]) => value === usage)?.[0] ?? `#${usage}`;

describe('on any system', () => {
  it('sends the physical key and the character of the layout', () => {
    const tracker = new KeyTracker('other');
    expect(tracker.handle(stroke('KeyY', 'z'))).toEqual([
      { usage: USAGE_OF_CODE.KeyY, codePoint: 'z'.codePointAt(0), down: true, repeat: false, modifiers: 0 },
    ]);
    expect(tracker.heldUsages).toEqual([USAGE_OF_CODE.KeyY]);
  });

  it('releases with the character that was pressed, although Shift has gone up before', () => {
    const tracker = new KeyTracker('other');
    tracker.handle(stroke('ShiftLeft', 'Shift', { modifiers: MODIFIER.shift }));
    tracker.handle(stroke('Digit1', '!', { modifiers: MODIFIER.shift }));
    tracker.handle(up('ShiftLeft', 'Shift'));
    expect(tracker.handle(up('Digit1', '1'))).toMatchObject([{ codePoint: 33, down: false }]);
    expect(tracker.holdsAny).toBe(false);
  });

  it('marks repeats, but not the first press it sees of a key that was held before', () => {
    const tracker = new KeyTracker('other');
    expect(short(tracker.handle(stroke('KeyA', 'a', { repeat: true })))).toEqual(['+KeyA']);
    expect(short(tracker.handle(stroke('KeyA', 'a', { repeat: true })))).toEqual(['=KeyA']);
  });

  it('ignores the release of a key that it did not press', () => {
    expect(new KeyTracker('other').handle(up('Enter', 'Enter'))).toEqual([]);
  });

  it('does not send a dead key, whose character follows with the next key', () => {
    const tracker = new KeyTracker('other');
    expect(tracker.handle(stroke('Equal', 'Dead'))).toEqual([]);
    expect(tracker.handle(up('Equal', 'Dead'))).toEqual([]);
    expect(tracker.handle(stroke('KeyE', 'é'))).toMatchObject([{ codePoint: 0xe9 }]);
  });

  it('sends a dead key that is part of a shortcut', () => {
    const tracker = new KeyTracker('other');
    const pressed = tracker.handle(stroke('Equal', 'Dead', { modifiers: MODIFIER.control }));
    expect(pressed).toMatchObject([{ usage: USAGE_OF_CODE.Equal, codePoint: 0, down: true }]);
  });

  it('sends a key without a usage by its character alone', () => {
    const tracker = new KeyTracker('other');
    expect(tracker.handle(stroke('', 'ü'))).toMatchObject([{ usage: 0, codePoint: 0xfc }]);
    expect(tracker.handle(up('', 'ü'))).toMatchObject([{ usage: 0, codePoint: 0xfc, down: false }]);
    expect(tracker.heldUsages).toEqual([]);
  });

  it('lets go of a modifier whose release went elsewhere, before the next key', () => {
    const tracker = new KeyTracker('other');
    tracker.handle(stroke('AltLeft', 'Alt', { modifiers: MODIFIER.alt }));
    expect(short(tracker.handle(stroke('KeyX', 'x')))).toEqual(['-AltLeft', '+KeyX']);
  });

  it('lets go of a stale modifier at a pointer event', () => {
    const tracker = new KeyTracker('other');
    tracker.handle(stroke('MetaLeft', 'Meta', { modifiers: MODIFIER.meta }));
    expect(tracker.releaseStale(MODIFIER.meta)).toEqual([]);
    expect(short(tracker.releaseStale(0))).toEqual(['-MetaLeft']);
  });

  it('keeps Ctrl although AltGr hides it', () => {
    const tracker = new KeyTracker('other');
    tracker.handle(stroke('ControlLeft', 'Control', { modifiers: MODIFIER.control }));
    const altGraph = MODIFIER.altGraph;
    tracker.handle(stroke('AltRight', 'AltGraph', { modifiers: altGraph }));
    expect(short(tracker.handle(stroke('KeyQ', '@', { modifiers: altGraph })))).toEqual(['+KeyQ']);
  });

  it('keeps AltGr, and a Ctrl held with it, where the browser does not tell AltGr as a modifier', () => {
    const tracker = new KeyTracker('other');
    tracker.handle(stroke('ControlLeft', 'Control', { modifiers: MODIFIER.control }));
    expect(tracker.handle(stroke('AltRight', 'AltGraph'))).toMatchObject([{ modifiers: MODIFIER.altGraph }]);
    const pressed = tracker.handle(stroke('KeyQ', '@'));
    expect(short(pressed)).toEqual(['+KeyQ']);
    // It is told on, so that the other side does not take the key for a shortcut.
    expect(pressed).toMatchObject([{ modifiers: MODIFIER.altGraph }]);
    expect(tracker.releaseStale(0)).toEqual([]);
    // The release of AltGr itself tells of the others again.
    expect(short(tracker.handle(up('AltRight', 'AltGraph')))).toEqual(['-ControlLeft', '-AltRight']);
  });

  it('holds nothing after it was cleared', () => {
    const tracker = new KeyTracker('other');
    tracker.handle(stroke('KeyA', 'a'));
    tracker.clear();
    expect(tracker.holdsAny).toBe(false);
    expect(tracker.handle(up('KeyA', 'a'))).toEqual([]);
  });

  it('never holds more keys than one message can list', () => {
    const tracker = new KeyTracker('other');
    for (let n = 0; n < 70; n += 1) tracker.handle(stroke('', String.fromCodePoint(0x4e00 + n)));
    expect(tracker.handle(stroke('', 'z'))).toEqual([]);
  });
});

describe('on Windows', () => {
  const altGraph = { modifiers: MODIFIER.altGraph };

  it('drops the false Ctrl before AltGr', () => {
    const tracker = new KeyTracker('windows');
    expect(tracker.handle(stroke('ControlLeft', 'Control', { modifiers: MODIFIER.control }))).toEqual([]);
    expect(tracker.waitingUntilMs).toBe(1050);
    const pressed = tracker.handle(stroke('AltRight', 'AltGraph', { ...altGraph, timeMs: 1001 }));
    expect(short(pressed)).toEqual(['+AltRight']);
    expect(short(tracker.handle(stroke('KeyQ', '@', altGraph)))).toEqual(['+KeyQ']);
    expect(short(tracker.handle(up('KeyQ', '@', altGraph)))).toEqual(['-KeyQ']);
    // Windows lets the false Ctrl go as well.
    expect(tracker.handle(up('ControlLeft', 'Control', altGraph))).toEqual([]);
    expect(short(tracker.handle(up('AltRight', 'AltGraph')))).toEqual(['-AltRight']);
    expect(tracker.holdsAny).toBe(false);
  });

  it('sends a real Ctrl as soon as another key follows', () => {
    const tracker = new KeyTracker('windows');
    tracker.handle(stroke('ControlLeft', 'Control', { modifiers: MODIFIER.control }));
    const copy = tracker.handle(stroke('KeyC', 'c', { modifiers: MODIFIER.control, timeMs: 1010 }));
    expect(short(copy)).toEqual(['+ControlLeft', '+KeyC']);
  });

  it('sends a real Ctrl after 50 ms', () => {
    const tracker = new KeyTracker('windows');
    tracker.handle(stroke('ControlLeft', 'Control', { modifiers: MODIFIER.control }));
    expect(short(tracker.expire())).toEqual(['+ControlLeft']);
    expect(tracker.waitingUntilMs).toBeUndefined();
    expect(tracker.expire()).toEqual([]);
  });

  it('takes a Ctrl that was held longer before AltGr for a real one', () => {
    const tracker = new KeyTracker('windows');
    tracker.handle(stroke('ControlLeft', 'Control', { modifiers: MODIFIER.control }));
    const pressed = tracker.handle(stroke('AltRight', 'AltGraph', { ...altGraph, timeMs: 1051 }));
    expect(short(pressed)).toEqual(['+ControlLeft', '+AltRight']);
  });

  it('presses and releases a Ctrl that was only tapped', () => {
    const tracker = new KeyTracker('windows');
    tracker.handle(stroke('ControlLeft', 'Control', { modifiers: MODIFIER.control }));
    expect(short(tracker.handle(up('ControlLeft', 'Control')))).toEqual(['+ControlLeft', '-ControlLeft']);
  });

  it('makes a whole press of the lone release of Print Screen', () => {
    const pressed = new KeyTracker('windows').handle(up('PrintScreen', 'PrintScreen'));
    expect(short(pressed)).toEqual(['+PrintScreen', '-PrintScreen']);
  });
});

describe('on a Mac', () => {
  const meta = { modifiers: MODIFIER.meta };

  it('releases with Cmd the keys whose release Cmd swallowed', () => {
    const tracker = new KeyTracker('mac');
    tracker.handle(stroke('MetaLeft', 'Meta', meta));
    tracker.handle(stroke('KeyC', 'c', meta));
    expect(short(tracker.handle(up('MetaLeft', 'Meta')))).toEqual(['-KeyC', '-MetaLeft']);
    expect(tracker.holdsAny).toBe(false);
  });

  it('makes a whole press of each Caps Lock event', () => {
    const tracker = new KeyTracker('mac');
    expect(short(tracker.handle(stroke('CapsLock', 'CapsLock')))).toEqual(['+CapsLock', '-CapsLock']);
    expect(short(tracker.handle(up('CapsLock', 'CapsLock')))).toEqual(['+CapsLock', '-CapsLock']);
  });
});

it('takes a code point from single characters only', () => {
  expect(codePointOf('a')).toBe(97);
  expect(codePointOf('€')).toBe(0x20ac);
  expect(codePointOf('😀')).toBe(0x1f600);
  expect(codePointOf('\ud800')).toBe(0);
  for (const named of ['Enter', 'Dead', 'F5', '', 'ae']) expect(codePointOf(named)).toBe(0);
});

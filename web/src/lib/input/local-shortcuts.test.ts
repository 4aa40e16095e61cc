import { expect, it } from 'vitest';
import { localShortcutOf } from './local-shortcuts.ts';

const all = { ctrlKey: true, altKey: true, shiftKey: true };

it.each([
  ['KeyT', { kind: 'toolbar' }],
  ['KeyH', { kind: 'statistics' }],
  ['Digit1', { kind: 'display', position: 0 }],
  ['Numpad9', { kind: 'display', position: 8 }],
  ['Digit0', { kind: 'all-displays' }],
  ['KeyA', undefined],
  ['F1', undefined],
])('takes %s with Ctrl, Alt and Shift', (code, shortcut) => {
  expect(localShortcutOf({ ...all, code })).toEqual(shortcut);
});

it('leaves the same keys to the machine when one of the three is missing', () => {
  for (const missing of ['ctrlKey', 'altKey', 'shiftKey']) {
    expect(localShortcutOf({ ...all, code: 'Digit1', [missing]: false })).toBeUndefined();
  }
});

import { describe, expect, it } from 'vitest';
import {
  codeOf,
  createDigitEntry,
  type DigitEntry,
  enterText,
  eraseBack,
  moveFocus,
  pasteText,
} from './digit-entry.ts';

function type(text: string): DigitEntry {
  let entry = createDigitEntry();
  for (const key of text) entry = enterText(entry, entry.focus, key);
  return entry;
}
const shown = (entry: DigitEntry) => entry.digits.map((digit) => digit || '_').join('');

describe('typing digits', () => {
  it('advances to the next box with each digit and stays in the last one', () => {
    expect(type('847').focus).toBe(3);
    const full = type('847291');
    expect(full.focus).toBe(5);
    expect(codeOf(full)).toBe('847291');
  });
  it('ignores what is no digit and keeps the focus', () => {
    const entry = type('84');
    expect(enterText(entry, 2, 'x')).toEqual(entry);
  });
  it('replaces the digit of a filled box wherever the caret stood', () => {
    const entry = type('847');
    expect(shown(enterText(entry, 1, '45'))).toBe('857___');
    expect(shown(enterText(entry, 1, '54'))).toBe('857___');
    expect(shown(enterText(entry, 1, '44'))).toBe('847___');
  });
  it('takes a whole code that a phone fills into one box', () => {
    expect(codeOf(enterText(type('1'), 0, '847291'))).toBe('847291');
  });
  it('takes the full-width digits of a Japanese keyboard', () => {
    expect(shown(enterText(createDigitEntry(), 0, '７'))).toBe('7_____');
  });
  it('has no code while a box is empty', () => {
    expect(codeOf(type('84729'))).toBeUndefined();
  });
});

describe('pasting', () => {
  it.each(['847 291', '847-291', ' Code: 847291.', '８４７ ２９１'])(
    'fills all boxes from %j wherever it lands',
    (text) => {
      expect(codeOf(pasteText(type('1'), 4, text))).toBe('847291');
    },
  );
  it('puts fewer digits in from the box on', () => {
    const entry = pasteText(type('8'), 1, '47');
    expect(shown(entry)).toBe('847___');
    expect(entry.focus).toBe(3);
  });
  it('drops digits that do not fit any more', () => {
    expect(shown(pasteText(createDigitEntry(), 4, '12345'))).toBe('____12');
  });
  it('changes nothing when there is no digit in it', () => {
    expect(shown(pasteText(type('8'), 1, 'hello'))).toBe('8_____');
  });
});

describe('stepping back and moving', () => {
  it('empties the filled box first, then the one before', () => {
    const once = eraseBack(type('847291'), 5);
    expect([shown(once), once.focus]).toEqual(['84729_', 5]);
    const twice = eraseBack(once, 5);
    expect([shown(twice), twice.focus]).toEqual(['8472__', 4]);
  });
  it('stays in the first box when there is nothing before', () => {
    expect(eraseBack(createDigitEntry(), 0)).toEqual(createDigitEntry());
  });
  it('moves with the arrow keys, Home and End, within the boxes', () => {
    const entry = createDigitEntry();
    expect(moveFocus(entry, 0, 'ArrowLeft')?.focus).toBe(0);
    expect(moveFocus(entry, 0, 'ArrowRight')?.focus).toBe(1);
    expect(moveFocus(entry, 5, 'ArrowRight')?.focus).toBe(5);
    expect(moveFocus(entry, 3, 'Home')?.focus).toBe(0);
    expect(moveFocus(entry, 3, 'End')?.focus).toBe(5);
  });
  it('leaves other keys to the browser', () => {
    expect(moveFocus(createDigitEntry(), 0, 'Tab')).toBeUndefined();
  });
});

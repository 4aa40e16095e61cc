import { describe, expect, it } from 'vitest';
import { buttonAt, layoutPanel, wrapText } from './layout.ts';
import type { Panel } from './panel.ts';

/** Every letter is 8 pixels wide. */
const measure = (text: string) => text.length * 8;
const SIZES = { scale: 1, titleHeight: 20, bodyHeight: 16 };

const QUESTION: Panel = {
  kind: 'question',
  title: 'Let Anna Berg of Acme IT see and control this computer?',
  lines: ['You can stop at any time.'],
  buttons: [
    { id: 'refuse', label: 'Refuse', look: 'plain' },
    { id: 'view', label: 'View only', look: 'plain' },
    { id: 'control', label: 'Allow', look: 'primary' },
  ],
};

describe('the layout of a panel', () => {
  it('keeps every text and button inside the window', () => {
    const layout = layoutPanel(QUESTION, SIZES, measure, 1280);
    for (const text of layout.texts) expect(text.x + measure(text.text)).toBeLessThanOrEqual(layout.width);
    for (const box of layout.buttons) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(layout.width);
      expect(box.y + box.height).toBeLessThanOrEqual(layout.height);
    }
  });

  it('puts buttons on further rows when the screen is narrow', () => {
    const layout = layoutPanel(QUESTION, SIZES, measure, 220);
    expect(layout.width).toBe(220);
    expect(new Set(layout.buttons.map((one) => one.y)).size).toBeGreaterThan(1);
    for (const box of layout.buttons) expect(box.x).toBeGreaterThanOrEqual(0);
  });

  it('grows with the scale of the desktop', () => {
    const once = layoutPanel(QUESTION, SIZES, measure, 5000);
    const twice = layoutPanel(
      QUESTION,
      { scale: 2, titleHeight: 40, bodyHeight: 32 },
      (text) => measure(text) * 2,
      5000,
    );
    expect(twice.width).toBe(2 * once.width);
    expect(twice.buttons[0]?.height).toBe(2 * (once.buttons[0]?.height ?? 0));
  });

  it('finds the button under the pointer, and none beside it', () => {
    const layout = layoutPanel(QUESTION, SIZES, measure, 1280);
    const allow = layout.buttons[2];
    if (!allow) throw new Error('no third button');
    expect(buttonAt(layout, allow.x, allow.y)?.button.id).toBe('control');
    expect(buttonAt(layout, allow.x + allow.width - 1, allow.y + allow.height - 1)?.button.id).toBe(
      'control',
    );
    expect(buttonAt(layout, allow.x + allow.width, allow.y)).toBeUndefined();
    expect(buttonAt(layout, 0, 0)).toBeUndefined();
  });

  it('makes a banner as wide as what it says', () => {
    const banner: Panel = {
      kind: 'banner',
      title: 'Anna Berg can see and control this computer',
      lines: ['Safety words: amber falcon mosaic'],
      buttons: [{ id: 'stop', label: 'Stop', look: 'danger' }],
    };
    const layout = layoutPanel(banner, SIZES, measure, 1280);
    const [stop] = layout.buttons;
    const right = Math.max(...layout.texts.map((text) => text.x + measure(text.text)));
    expect(right).toBeLessThan(stop?.x ?? 0);
    expect(layout.width).toBeLessThan(760);
  });
});

describe('wrapping', () => {
  it('breaks at spaces and loses no word', () => {
    expect(wrapText('one two three four', 72, measure)).toEqual(['one two', 'three', 'four']);
  });

  it('breaks a word that is wider than a line', () => {
    expect(wrapText('a verylongname', 40, measure)).toEqual(['a', 'veryl', 'ongna', 'me']);
  });

  it('gives no line for no text', () => {
    expect(wrapText('', 40, measure)).toEqual([]);
  });
});

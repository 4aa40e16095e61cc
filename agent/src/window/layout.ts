import type { Panel, PanelButton } from './panel.ts';

/** Width in pixels of a text in one of the two fonts. */
export type MeasureText = (text: string, font: FontName) => number;
export type FontName = 'title' | 'body';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedText {
  readonly text: string;
  readonly font: FontName;
  readonly x: number;
  /** Top of the line, not its baseline. */
  readonly y: number;
}

export interface PlacedButton extends Box {
  readonly button: PanelButton;
  readonly text: PlacedText;
}

export interface PanelLayout {
  readonly width: number;
  readonly height: number;
  readonly texts: readonly PlacedText[];
  readonly buttons: readonly PlacedButton[];
}

export interface FontSizes {
  /** Pixels of a logical pixel: 1 at 96 dpi. */
  readonly scale: number;
  readonly titleHeight: number;
  readonly bodyHeight: number;
}

/** Places what a panel says. All results are device pixels; `maxWidth` is that of the screen. */
export function layoutPanel(
  panel: Panel,
  sizes: FontSizes,
  measure: MeasureText,
  maxWidth: number,
): PanelLayout {
  return panel.kind === 'banner'
    ? layoutBanner(panel, sizes, measure, maxWidth)
    : layoutQuestion(panel, sizes, measure, maxWidth);
}

const PADDING = 20;
const GAP = 10;
const QUESTION_WIDTH = 460;
const BANNER_WIDTH = 760;
const BUTTON_PADDING = 14;
const BUTTON_MIN_HEIGHT = 36;

function layoutQuestion(panel: Panel, sizes: FontSizes, measure: MeasureText, maxWidth: number): PanelLayout {
  const px = (logical: number) => Math.round(logical * sizes.scale);
  const width = Math.min(px(QUESTION_WIDTH), maxWidth);
  const inner = width - 2 * px(PADDING);
  const texts: PlacedText[] = [];
  let y = px(PADDING);
  const add = (text: string, font: FontName, height: number) => {
    for (const line of wrapText(text, inner, (part) => measure(part, font))) {
      texts.push({ text: line, font, x: px(PADDING), y });
      y += height;
    }
    y += px(GAP);
  };
  add(panel.title, 'title', sizes.titleHeight);
  for (const line of panel.lines) add(line, 'body', sizes.bodyHeight);
  const rows = buttonRows(panel.buttons, sizes, measure, inner);
  const buttons: PlacedButton[] = [];
  for (const row of rows) {
    // Right-aligned, as dialogs of most desktops have them.
    let x = width - px(PADDING) - rowWidth(row, px(GAP));
    for (const { button, width: buttonWidth, height } of row) {
      buttons.push(placeButton(button, { x, y, width: buttonWidth, height }, sizes, measure));
      x += buttonWidth + px(GAP);
    }
    y += (row[0]?.height ?? 0) + px(GAP);
  }
  return { width, height: y - px(GAP) + px(PADDING), texts, buttons };
}

function layoutBanner(panel: Panel, sizes: FontSizes, measure: MeasureText, maxWidth: number): PanelLayout {
  const px = (logical: number) => Math.round(logical * sizes.scale);
  const sized = panel.buttons.map((button) => sizeButton(button, sizes, measure));
  const buttonsWidth = rowWidth(sized, px(GAP));
  const room = Math.min(px(BANNER_WIDTH), maxWidth) - 2 * px(PADDING) - buttonsWidth - px(GAP);
  const texts: PlacedText[] = [];
  let textWidth = 0;
  let y = px(GAP);
  const add = (text: string, font: FontName, height: number) => {
    for (const line of wrapText(text, room, (part) => measure(part, font))) {
      texts.push({ text: line, font, x: px(PADDING), y });
      textWidth = Math.max(textWidth, measure(line, font));
      y += height;
    }
  };
  add(panel.title, 'title', sizes.titleHeight);
  for (const line of panel.lines) add(line, 'body', sizes.bodyHeight);
  const buttonHeight = sized[0]?.height ?? 0;
  const height = Math.max(y + px(GAP), buttonHeight + 2 * px(GAP));
  const width = Math.ceil(textWidth) + buttonsWidth + px(GAP) + 2 * px(PADDING);
  let x = width - px(PADDING) - buttonsWidth;
  const buttons = sized.map(({ button, width: buttonWidth }) => {
    const top = Math.round((height - buttonHeight) / 2);
    const placed = placeButton(
      button,
      { x, y: top, width: buttonWidth, height: buttonHeight },
      sizes,
      measure,
    );
    x += buttonWidth + px(GAP);
    return placed;
  });
  return { width, height, texts, buttons };
}

interface SizedButton {
  readonly button: PanelButton;
  readonly width: number;
  readonly height: number;
}

function sizeButton(button: PanelButton, sizes: FontSizes, measure: MeasureText): SizedButton {
  const padding = Math.round(BUTTON_PADDING * sizes.scale);
  return {
    button,
    width: Math.ceil(measure(button.label, 'body')) + 2 * padding,
    height: Math.max(Math.round(BUTTON_MIN_HEIGHT * sizes.scale), sizes.bodyHeight + padding),
  };
}

function buttonRows(
  buttons: readonly PanelButton[],
  sizes: FontSizes,
  measure: MeasureText,
  inner: number,
): SizedButton[][] {
  const gap = Math.round(GAP * sizes.scale);
  const rows: SizedButton[][] = [];
  for (const button of buttons) {
    const sized = sizeButton(button, sizes, measure);
    const row = rows.at(-1);
    if (row && rowWidth([...row, sized], gap) <= inner) row.push(sized);
    else rows.push([sized]);
  }
  return rows;
}

function rowWidth(row: readonly SizedButton[], gap: number): number {
  return row.reduce((sum, one) => sum + one.width, 0) + Math.max(0, row.length - 1) * gap;
}

function placeButton(button: PanelButton, box: Box, sizes: FontSizes, measure: MeasureText): PlacedButton {
  const text: PlacedText = {
    text: button.label,
    font: 'body',
    x: Math.round(box.x + (box.width - measure(button.label, 'body')) / 2),
    y: Math.round(box.y + (box.height - sizes.bodyHeight) / 2),
  };
  return { ...box, button, text };
}

/** Breaks at spaces; a word that is wider than a line is broken where it must be. */
export function wrapText(text: string, width: number, measure: (part: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap((one) => breakWord(one, width, measure))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measure(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}

function breakWord(word: string, width: number, measure: (part: string) => number): string[] {
  const parts: string[] = [];
  let part = '';
  for (const letter of word) {
    if (part !== '' && measure(part + letter) > width) {
      parts.push(part);
      part = '';
    }
    part += letter;
  }
  return part === '' ? parts : [...parts, part];
}

/** The button at a place, if one is there. */
export function buttonAt(layout: PanelLayout, x: number, y: number): PlacedButton | undefined {
  return layout.buttons.find(
    (one) => x >= one.x && x < one.x + one.width && y >= one.y && y < one.y + one.height,
  );
}

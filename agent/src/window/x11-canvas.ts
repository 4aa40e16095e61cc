import { GuruError } from '@guruconnect/shared';
import { copyMemory, type Pointer } from '../input/x11-library.ts';
import type { FontName, FontSizes, PanelLayout, PlacedButton, PlacedText } from './layout.ts';
import type { X11DrawingLibrary } from './x11-drawing-library.ts';

/** Colours as 0xRRGGBB; contrast of every text on its ground is at least 4.5 to 1. */
const COLOUR = {
  ground: 0xffffff,
  edge: 0x9aa7b1,
  text: 0x14212b,
  muted: 0x46545f,
  plain: 0xe8edf1,
  primary: 0x0d6f7d,
  danger: 0xb3261e,
  onDark: 0xffffff,
  focus: 0x14212b,
} as const;
type ColourName = keyof typeof COLOUR;

const BUTTON_GROUND: Record<PlacedButton['button']['look'], ColourName> = {
  plain: 'plain',
  primary: 'primary',
  danger: 'danger',
};

/** What of a panel has the pointer or the keyboard. */
export interface PanelEmphasis {
  readonly focused: string | undefined;
  readonly hovered: string | undefined;
}

/** Fonts, colours and an off-screen picture on one connection: a panel is drawn whole, then copied in one go. */
export class X11Canvas {
  readonly sizes: FontSizes;
  readonly #x: X11DrawingLibrary;
  readonly #display: Pointer;
  readonly #screen: number;
  readonly #fonts: Record<FontName, { pointer: Pointer; ascent: number }>;
  readonly #inks = new Map<ColourName, Uint8Array>();

  /** @throws `unavailable` when the desktop has no font */
  constructor(library: X11DrawingLibrary, display: Pointer) {
    this.#x = library;
    this.#display = display;
    this.#screen = library.defaultScreen(display);
    const scale = scaleOf(library.getDefault(display, 'Xft', 'dpi'));
    const title = this.#openFont(`sans-serif:bold:pixelsize=${Math.round(15 * scale)}`);
    const body = this.#openFont(`sans-serif:pixelsize=${Math.round(14 * scale)}`);
    this.#fonts = { title, body };
    this.sizes = { scale, titleHeight: title.height, bodyHeight: body.height };
  }

  readonly measure = (text: string, font: FontName): number => {
    const bytes = Buffer.from(text, 'utf8');
    const extents = new Uint8Array(12);
    this.#x.xftTextExtents(this.#display, this.#fonts[font].pointer, bytes, bytes.length, extents);
    return new DataView(extents.buffer).getInt16(8, true); // XGlyphInfo.xOff
  };

  draw(window: number, layout: PanelLayout, emphasis: PanelEmphasis): void {
    const x = this.#x;
    const display = this.#display;
    const { width, height } = layout;
    const depth = x.defaultDepth(display, this.#screen);
    const pixmap = x.createPixmap(display, window, width, height, depth);
    const gc = x.createGc(display, pixmap, 0, null);
    const draw = x.xftDrawCreate(
      display,
      pixmap,
      x.defaultVisual(display, this.#screen),
      x.defaultColormap(display, this.#screen),
    );
    const fill = (colour: ColourName, left: number, top: number, w: number, h: number) => {
      x.setForeground(display, gc, this.#pixel(colour));
      x.fillRectangle(display, pixmap, gc, left, top, w, h);
    };
    const write = ({ text, font, x: left, y: top }: PlacedText, colour: ColourName) => {
      if (draw === null) return;
      const { pointer, ascent } = this.#fonts[font];
      const bytes = Buffer.from(text, 'utf8');
      x.xftDrawText(draw, this.#ink(colour), pointer, left, top + ascent, bytes, bytes.length);
    };
    fill('edge', 0, 0, width, height);
    fill('ground', 1, 1, width - 2, height - 2);
    for (const text of layout.texts) write(text, text.font === 'title' ? 'text' : 'muted');
    for (const placed of layout.buttons) {
      const edge = Math.max(1, Math.round(this.sizes.scale * (this.#isMarked(placed, emphasis) ? 2 : 1)));
      fill(edgeColour(placed, emphasis), placed.x, placed.y, placed.width, placed.height);
      const ground = BUTTON_GROUND[placed.button.look];
      fill(ground, placed.x + edge, placed.y + edge, placed.width - 2 * edge, placed.height - 2 * edge);
      write(placed.text, ground === 'plain' ? 'text' : 'onDark');
    }
    x.copyArea(display, pixmap, window, gc, 0, 0, width, height, 0, 0);
    if (draw !== null) x.xftDrawDestroy(draw);
    x.freeGc(display, gc);
    x.freePixmap(display, pixmap);
    x.flush(display);
  }

  #isMarked({ button }: PlacedButton, { focused, hovered }: PanelEmphasis): boolean {
    return button.id === focused || button.id === hovered;
  }

  #openFont(name: string): { pointer: Pointer; ascent: number; height: number } {
    const pointer = this.#x.xftOpenFont(this.#display, this.#screen, name);
    if (pointer === null) throw new GuruError('unavailable', 'There is no font on this desktop.');
    const head = copyMemory(pointer, 12); // XftFont: ascent, descent, height.
    return { pointer, ascent: head.getInt32(0, true), height: head.getInt32(8, true) };
  }

  /** As X allocated it, so that it is right on any visual. */
  #pixel(name: ColourName): number {
    return Number(new DataView(this.#ink(name).buffer).getBigUint64(0, true));
  }

  #ink(name: ColourName): Uint8Array {
    const known = this.#inks.get(name);
    if (known) return known;
    const rgb = COLOUR[name];
    const channels = [rgb >> 16, rgb >> 8, rgb].map((value) => (value & 0xff) * 0x101);
    const ink = new Uint8Array(16); // XftColor: pixel, then red, green, blue, alpha.
    const x = this.#x;
    const visual = x.defaultVisual(this.#display, this.#screen);
    const colormap = x.defaultColormap(this.#display, this.#screen);
    x.xftAllocColour(this.#display, visual, colormap, Uint16Array.from([...channels, 0xffff]), ink);
    this.#inks.set(name, ink);
    return ink;
  }
}

function edgeColour(placed: PlacedButton, { focused, hovered }: PanelEmphasis): ColourName {
  if (placed.button.id === focused || placed.button.id === hovered) return 'focus';
  return placed.button.look === 'plain' ? 'edge' : BUTTON_GROUND[placed.button.look];
}

/** Desktops with large pixels say so in `Xft.dpi`. */
function scaleOf(dpi: string | null): number {
  const value = Number(dpi ?? 96);
  return Number.isFinite(value) ? Math.max(1, Math.min(4, value / 96)) : 1;
}

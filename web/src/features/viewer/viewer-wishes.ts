import {
  type DisplayInfo,
  MAX_VIDEO_TRACKS,
  QualityMode,
  type ViewerControlMessage,
} from '@guruconnect/shared';
import { safeParse } from 'zod/mini';

const QUALITY_KEY = 'guruconnect.viewer.quality';

/** What of the viewer's state a wish is measured against. */
export interface DisplaysNow {
  readonly displays: readonly DisplayInfo[];
  /** Display indexes by track. */
  readonly shown: readonly number[];
  /** Video tracks of the newest peer. */
  readonly tracks: number;
}

type WishedDisplays =
  | { readonly kind: 'none' }
  | { readonly kind: 'all' }
  | { readonly kind: 'one'; readonly id: string };

/** Quality and displays as the technician chose them: each new peer is told anew. */
export class ViewerWishes {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;
  #quality: QualityMode;
  #displays: WishedDisplays = { kind: 'none' };
  /** What the peer that is up was last asked to show, so that an answer which gives less is not asked forever. */
  #asked = '';

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage;
    this.#quality = readQuality(storage);
  }

  get quality(): QualityMode {
    return this.#quality;
  }
  get wantsAll(): boolean {
    return this.#displays.kind === 'all';
  }

  chooseQuality(mode: QualityMode): ViewerControlMessage {
    this.#quality = mode;
    try {
      this.#storage.setItem(QUALITY_KEY, mode);
    } catch {
      // A full or forbidden storage: the choice holds for this page.
    }
    return { type: 'set-quality', mode };
  }

  chooseDisplay(index: number, { displays }: DisplaysNow): ViewerControlMessage {
    const id = displays.find((one) => one.index === index)?.id;
    this.#displays = id === undefined ? { kind: 'none' } : { kind: 'one', id };
    this.#asked = '';
    return { type: 'select-display', display: index };
  }

  /** `needsTracks`: this peer cannot carry them all, a new one would. */
  chooseAll(now: DisplaysNow): { message: ViewerControlMessage; needsTracks: boolean } {
    this.#displays = { kind: 'all' };
    const displays = wallOf(now.displays);
    this.#asked = displays.join();
    return { message: { type: 'show-displays', displays }, needsTracks: displays.length > now.tracks };
  }

  /** A new peer is up and shows what it shows by itself. */
  forNewPeer(now: DisplaysNow): ViewerControlMessage[] {
    this.#asked = '';
    const display = this.forDisplays(now);
    // `auto` is what an agent begins with.
    const quality: ViewerControlMessage[] =
      this.#quality === 'auto' ? [] : [{ type: 'set-quality', mode: this.#quality }];
    return display ? [...quality, display] : quality;
  }

  /** The displays, or which of them are shown, changed at the other end. */
  forDisplays({ displays, shown }: DisplaysNow): ViewerControlMessage | undefined {
    const wish = this.#displays;
    if (wish.kind === 'none') return undefined;
    if (wish.kind === 'all') {
      const all = wallOf(displays);
      if (all.length === 0) return undefined;
      if (all.join() === shown.join()) return this.#isMet();
      return this.#once({ type: 'show-displays', displays: all }, all.join());
    }
    const index = displays.find((one) => one.id === wish.id)?.index;
    if (index === undefined) return undefined;
    if (shown.length === 1 && shown[0] === index) return this.#isMet();
    return this.#once({ type: 'select-display', display: index }, String(index));
  }

  /** A display may go and come back: then the same is to be asked again. */
  #isMet(): undefined {
    this.#asked = '';
  }

  #once(message: ViewerControlMessage, what: string): ViewerControlMessage | undefined {
    if (this.#asked === what) return undefined;
    this.#asked = what;
    return message;
  }
}

/** The displays of a wall: as many as there may be tracks, the primary one first. */
function wallOf(displays: readonly DisplayInfo[]): number[] {
  return displays
    .toSorted((a, b) => Number(b.primary) - Number(a.primary) || a.index - b.index)
    .slice(0, MAX_VIDEO_TRACKS)
    .map((one) => one.index);
}

function readQuality(storage: Pick<Storage, 'getItem'>): QualityMode {
  try {
    const kept = safeParse(QualityMode, storage.getItem(QUALITY_KEY));
    return kept.success ? kept.data : 'auto';
  } catch {
    return 'auto';
  }
}

import { encodeTiles, type SurfaceSize, type TileMessage } from '@guruconnect/shared';
import { TileLedger } from './tile-ledger.ts';

/** Somebody who can be sent tiles. */
export interface TileViewerPort {
  readonly id: string;
  /** Asked before anything is sent. */
  mayView(): boolean;
  /** On the `tiles` channel; false when it is not open or has too much waiting. */
  send(bytes: Uint8Array): boolean;
}

/** Of what the path carries; the pictures come first. */
const SHARE = 0.4;
/** Below this the path has no room for beauty. */
const LEAST_BITRATE = 200_000;
/** What is under way when the screen changes delays the picture of it: no more than this at a time. */
const AT_ONCE_MS = 120;
const LEAST_AT_ONCE_BYTES = 2_000;
const MOST_AT_ONCE_BYTES = 60_000;
const LEAST_TILES = 4;
const MOST_TILES = 96;
/** A line of coloured text, before anything has been measured. */
const FIRST_BYTES_A_TILE = 350;
const REFUSED_PAUSE_MS = 500;
const LONGEST_REFUSED_PAUSE_MS = 30_000;

/** One viewer's share of its path, and what it holds on each track. */
export class TileViewer {
  /** What its path carries, bits per second. */
  bitrate: number;
  readonly #port: TileViewerPort;
  readonly #ledgers = new Map<number, TileLedger>();
  #freeAtMs = 0;
  #bytesATile = FIRST_BYTES_A_TILE;
  #refusals = 0;

  constructor(port: TileViewerPort, bitrate: number) {
    this.#port = port;
    this.bitrate = bitrate;
  }

  get ledgers(): TileLedger[] {
    return [...this.#ledgers.values()];
  }

  /** When what was sent last has left, at the rate that tiles may have. */
  get freeAtMs(): number {
    return this.#freeAtMs;
  }

  /** The ledger of what a track shows now. */
  ledgerOf(track: number, displayId: string, surface: SurfaceSize | undefined): TileLedger {
    const known = this.#ledgers.get(track);
    if (known?.displayId === displayId) return known;
    const ledger = new TileLedger(track, displayId, known?.holdsAnything);
    ledger.changed('all', surface);
    this.#ledgers.set(track, ledger);
    return ledger;
  }

  has(ledger: TileLedger): boolean {
    return this.#ledgers.get(ledger.track) === ledger;
  }

  /** Whether its path carries enough for more than pictures. */
  get hasRoom(): boolean {
    return this.bitrate >= LEAST_BITRATE;
  }

  mayHave(): boolean {
    return this.hasRoom && this.#port.mayView();
  }

  isReady(nowMs: number): boolean {
    return this.mayHave() && nowMs >= this.#freeAtMs;
  }

  /** How many tiles fit into what may be under way. */
  get tilesAtOnce(): number {
    const bytes = Math.min(MOST_AT_ONCE_BYTES, Math.max(LEAST_AT_ONCE_BYTES, this.#bytesAMs() * AT_ONCE_MS));
    return Math.min(MOST_TILES, Math.max(LEAST_TILES, Math.floor(bytes / this.#bytesATile)));
  }

  /** What must be known at once; not counted. */
  tell(message: TileMessage): boolean {
    return this.#port.send(encodeTiles(message));
  }

  /** Sends tiles at the viewer's expense; after a refusal it is left alone for a while. */
  spend(message: Extract<TileMessage, { type: 'pixels' | 'same' }>, nowMs: number): boolean {
    const bytes = encodeTiles(message);
    if (!this.#port.send(bytes)) {
      this.#freeAtMs = nowMs + Math.min(LONGEST_REFUSED_PAUSE_MS, REFUSED_PAUSE_MS * 2 ** this.#refusals);
      this.#refusals += 1;
      return false;
    }
    this.#refusals = 0;
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs) + bytes.length / this.#bytesAMs();
    if (message.type === 'pixels') {
      this.#bytesATile = 0.7 * this.#bytesATile + (0.3 * bytes.length) / message.tiles.length;
    }
    return true;
  }

  #bytesAMs(): number {
    return (SHARE * Math.max(LEAST_BITRATE, this.bitrate)) / 8_000;
  }
}

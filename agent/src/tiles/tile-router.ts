import type { SurfaceSize, TileMessage } from '@guruconnect/shared';
import type { NativeFrame, NativeTile, NativeTiles } from '../../native/addon.d.ts';
import type { Clock } from '../core/clock.ts';
import { describeError, type Log } from '../core/log.ts';
import type { Desktop } from '../desktop/desktop.ts';
import { type Deflate, packTiles, type TileParcel } from './pack-tiles.ts';
import { TileBoard } from './tile-board.ts';
import type { Changed, TileLedger } from './tile-ledger.ts';
import { TileViewer, type TileViewerPort } from './tile-viewer.ts';

/** Nothing is asked for before the video has been silent for so long; the capture waits for its refinements, too. */
const QUIET_MS = 100;
/** A capture that ended owes its answer for ever. */
const ANSWER_MS = 2_000;
const ASK_AGAIN_MS = 300;
/** Above this quantiser, black text on white is soft, too. */
const COARSE_QP = 24;

export interface TileRouterDeps {
  readonly desktop: Pick<Desktop, 'requestTiles'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly deflate: Deflate;
  /** What a path is taken to carry before it has been measured. */
  readonly startBitrate: number;
}

/** A picture on its way to a viewer. */
export interface LeavingPicture {
  readonly track: number;
  readonly displayId: string;
  readonly frameId: number;
  readonly rtp: number;
}

interface Display {
  board: TileBoard | undefined;
  lastFrameMs: number;
  newestFrameId: number;
  /** Counts grabs that changed anything. */
  version: number;
  isCoarse: boolean;
  asked: { readonly id: number; readonly atMs: number } | undefined;
  /** Tiles are being packed. */
  isPacking: boolean;
  cancelTimer: (() => void) | undefined;
}

/**
 * Sends what the video cannot show (4:2:0 makes coloured text soft) as lossless tiles, once a screen stands still:
 * never while pictures are sent, only what a viewer lacks, and in step with what its path carries.
 */
export class TileRouter {
  readonly #deps: TileRouterDeps;
  readonly #viewers = new Map<string, TileViewer>();
  readonly #displays = new Map<string, Display>();
  #requests = 0;

  constructor(deps: TileRouterDeps) {
    this.#deps = deps;
  }

  follow(port: TileViewerPort): void {
    this.#viewers.set(port.id, new TileViewer(port, this.#deps.startBitrate));
  }

  unfollow(viewerId: string): void {
    this.#viewers.delete(viewerId);
    for (const [displayId, display] of this.#displays) {
      if (this.#ledgersOf(displayId).length > 0) continue;
      display.cancelTimer?.();
      this.#displays.delete(displayId);
    }
  }

  /** What the viewer's path carries, bits per second. */
  bitrateChanged(viewerId: string, bitrate: number): void {
    const viewer = this.#viewers.get(viewerId);
    if (!viewer) return;
    const hadRoom = viewer.hasRoom;
    viewer.bitrate = bitrate;
    // On a still screen nothing else would bring it back.
    if (hadRoom || !viewer.hasRoom) return;
    const nowMs = this.#deps.clock.monotonicMs();
    for (const { displayId } of viewer.ledgers) this.#considerAt(displayId, nowMs);
  }

  /** A picture came from the capture; call before it is sent to anybody. */
  frame(displayId: string, frame: NativeFrame): void {
    if (this.#viewers.size === 0) return;
    const display = this.#displayOf(displayId);
    const nowMs = this.#deps.clock.monotonicMs();
    display.lastFrameMs = nowMs;
    display.newestFrameId = frame.frameId;
    const surface = surfaceOf(frame);
    const changed = isSameSize(surface, display.board?.surface) ? changedTiles(frame) : 'all';
    if (changed.length > 0) {
      display.version += 1;
      if (!isSameSize(surface, display.board?.surface)) {
        display.board = surface && new TileBoard(surface, nowMs);
      } else display.board?.changed(changed, nowMs);
      for (const { ledger } of this.#ledgersOf(displayId)) ledger.changed(changed, surface);
    }
    const isCoarse = frame.qp > COARSE_QP || (surface !== undefined && frame.width < (surface.width & ~1));
    if (isCoarse && !display.isCoarse) display.board?.unsettle();
    display.isCoarse = isCoarse;
    this.#considerAt(displayId, nowMs + QUIET_MS);
  }

  /** A picture of the display leaves for the viewer: what it shows that is wrong then is told before. */
  pictureLeaves(viewerId: string, picture: LeavingPicture): void {
    const viewer = this.#viewers.get(viewerId);
    if (!viewer) return;
    const display = this.#displayOf(picture.displayId);
    const ledger = viewer.ledgerOf(picture.track, picture.displayId, display.board?.surface);
    const message = ledger.pictureLeaves(picture.rtp, picture.frameId === display.newestFrameId);
    if (message) ledger.toldSent(viewer.tell(message));
  }

  /** The capture's answer to a request. */
  take(displayId: string, answer: NativeTiles): void {
    const display = this.#displays.get(displayId);
    if (display?.asked?.id !== answer.id) return;
    display.asked = undefined;
    const nowMs = this.#deps.clock.monotonicMs();
    const surface = { width: answer.surfaceWidth, height: answer.surfaceHeight };
    if (answer.abandoned || !isSameSize(surface, display.board?.surface)) {
      this.#considerAt(displayId, nowMs + ASK_AGAIN_MS);
      return;
    }
    display.board?.settle(answer.plain);
    display.isPacking = true;
    this.#deliver(displayId, display, surface, answer.tiles)
      .catch((error: unknown) => this.#deps.log.warn({ reason: describeError(error) }, 'no tiles were sent'))
      .finally(() => {
        display.isPacking = false;
        this.#considerAt(displayId, this.#deps.clock.monotonicMs());
      });
  }

  /** Sends each viewer those of the tiles that it lacks; those who lack the same share the packing. */
  async #deliver(displayId: string, display: Display, surface: SurfaceSize, tiles: readonly NativeTile[]) {
    const { version } = display;
    const groups = new Map<string, { tiles: readonly NativeTile[]; takers: Taker[] }>();
    for (const taker of this.#ledgersOf(displayId)) {
      if (!taker.viewer.isReady(this.#deps.clock.monotonicMs())) continue;
      const lacking = tiles.filter(({ index }) => taker.ledger.lacks(index));
      const known = lacking.filter(({ index, hash }) => taker.ledger.holds(index, hash));
      const wanted = lacking.filter((tile) => !known.includes(tile));
      if (known.length > 0) this.#sendSame(taker, surface, known);
      if (wanted.length === 0) continue;
      const key = wanted.map(({ index }) => index).join();
      const group = groups.get(key) ?? { tiles: wanted, takers: [] };
      group.takers.push(taker);
      groups.set(key, group);
    }
    for (const group of groups.values()) {
      const { parcels, skipped } = await packTiles(surface, group.tiles, this.#deps.deflate);
      // Whoever waits for it will be served anew: the tiles may be wrong by now.
      if (display.version !== version) return;
      display.board?.settle(skipped);
      for (const taker of group.takers) {
        for (const parcel of parcels) this.#sendParcel(taker, display, surface, parcel, group.tiles);
      }
    }
  }

  #sendSame({ viewer, ledger }: Taker, surface: SurfaceSize, known: readonly NativeTile[]): void {
    const { moment, track } = ledger;
    if (!moment) return;
    const tiles = known.map(({ index }) => index).sort((one, other) => one - other);
    if (!viewer.spend({ type: 'same', track, surface, tiles, ...moment }, this.#deps.clock.monotonicMs()))
      return;
    for (const { index, hash } of known) ledger.tileSent(index, hash);
  }

  #sendParcel(
    { viewer, ledger }: Taker,
    display: Display,
    surface: SurfaceSize,
    parcel: TileParcel,
    tiles: readonly NativeTile[],
  ): void {
    const { moment, track } = ledger;
    // It may have gone, or got another display, while the tiles were packed.
    if (!moment || !viewer.has(ledger) || parcel.tiles.some((tile) => !ledger.lacks(tile))) return;
    const nowMs = this.#deps.clock.monotonicMs();
    const message: TileMessage = { type: 'pixels', track, surface, ...parcel, ...moment };
    if (!viewer.spend(message, nowMs)) return;
    for (const { index, hash } of tiles) {
      if (!parcel.tiles.includes(index)) continue;
      ledger.tileSent(index, hash);
      display.board?.sent(index, nowMs);
    }
  }

  /** Asks for tiles if there is a viewer who lacks some and has room; else comes back when that may be so. */
  #consider(displayId: string): void {
    const display = this.#displays.get(displayId);
    if (!display?.board || display.isPacking) return;
    const nowMs = this.#deps.clock.monotonicMs();
    const quietAtMs = Math.max(
      display.lastFrameMs + QUIET_MS,
      display.asked ? display.asked.atMs + ANSWER_MS : 0,
    );
    if (quietAtMs > nowMs) {
      this.#considerAt(displayId, quietAtMs);
      return;
    }
    display.asked = undefined;
    let nextAtMs = Number.POSITIVE_INFINITY;
    for (const { viewer, ledger } of this.#ledgersOf(displayId)) {
      if (!viewer.mayHave()) continue;
      const owed = ledger.clearOwed();
      if (owed && viewer.tell(owed)) ledger.toldSent(true);
      const rested = display.board.rested((tile) => ledger.lacks(tile), nowMs);
      nextAtMs = Math.min(nextAtMs, Math.max(rested.nextAtMs, viewer.freeAtMs));
      if (rested.tiles.length === 0) continue;
      if (viewer.isReady(nowMs)) {
        this.#ask(displayId, display, rested.tiles, viewer.tilesAtOnce);
        return;
      }
      nextAtMs = Math.min(nextAtMs, viewer.freeAtMs);
    }
    if (nextAtMs < Number.POSITIVE_INFINITY) this.#considerAt(displayId, nextAtMs);
  }

  #ask(displayId: string, display: Display, tiles: readonly number[], limit: number): void {
    this.#requests += 1;
    const atMs = this.#deps.clock.monotonicMs();
    display.asked = { id: this.#requests, atMs };
    this.#considerAt(displayId, atMs + ANSWER_MS);
    this.#deps.desktop.requestTiles(displayId, {
      id: this.#requests,
      tiles,
      limit,
      coarse: display.isCoarse,
    });
  }

  #considerAt(displayId: string, atMs: number): void {
    const display = this.#displays.get(displayId);
    if (!display) return;
    display.cancelTimer?.();
    const waitMs = Math.max(1, Math.ceil(atMs - this.#deps.clock.monotonicMs()));
    display.cancelTimer = this.#deps.clock.after(waitMs, () => this.#consider(displayId));
  }

  #displayOf(displayId: string): Display {
    const display = this.#displays.get(displayId) ?? newDisplay();
    this.#displays.set(displayId, display);
    return display;
  }

  #ledgersOf(displayId: string): Taker[] {
    return [...this.#viewers.values()].flatMap((viewer) =>
      viewer.ledgers.filter((one) => one.displayId === displayId).map((ledger) => ({ viewer, ledger })),
    );
  }
}

interface Taker {
  readonly viewer: TileViewer;
  readonly ledger: TileLedger;
}

function newDisplay(): Display {
  return {
    board: undefined,
    lastFrameMs: Number.NEGATIVE_INFINITY,
    newestFrameId: 0,
    version: 0,
    isCoarse: false,
    asked: undefined,
    isPacking: false,
    cancelTimer: undefined,
  };
}

function surfaceOf({ tiles }: NativeFrame): SurfaceSize | undefined {
  return tiles && { width: tiles.surfaceWidth, height: tiles.surfaceHeight };
}

function isSameSize(one: SurfaceSize | undefined, other: SurfaceSize | undefined): boolean {
  return one?.width === other?.width && one?.height === other?.height;
}

function changedTiles({ tiles }: NativeFrame): Changed {
  if (!tiles) return 'all';
  const changed: number[] = [];
  for (const [at, byte] of tiles.changed.entries()) {
    for (let bit = 0; byte >> bit !== 0; bit += 1) if ((byte >> bit) & 1) changed.push(8 * at + bit);
  }
  return changed;
}

import { createHash } from 'node:crypto';
import { type CursorMessage, encodeCursor } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { CursorEvent } from '../desktop/desktop.ts';
import { type CursorShape, fitCursor, isInvisible } from './cursor-shape.ts';
import type { DisplayTable } from './display-table.ts';

interface Follower {
  readonly send: (bytes: Uint8Array) => void;
  readonly sent: Set<number>;
  cancelCheck: (() => void) | undefined;
}

/** What tells a program's pointer moves from those that a viewer caused. */
export interface PointerEchoes {
  isEcho(viewerId: string): boolean;
  lastPlace(viewerId: string): { readonly x: number; readonly y: number } | undefined;
}

const REMEMBERED_SHAPES = 256;
/** A little longer than what counts as an echo. */
const CHECK_MS = 120;

/** Tells viewers what the remote pointer looks like and where it goes by itself. */
export class CursorFeed {
  readonly #displays: DisplayTable;
  readonly #clock: Clock;
  readonly #echoes: PointerEchoes;
  readonly #followers = new Map<string, Follower>();
  readonly #shapeIds = new Map<string, number>();
  #nextShapeId = 1;
  #current: Current;
  #place: { x: number; y: number } | undefined;

  constructor(deps: { displays: DisplayTable; clock: Clock; echoes: PointerEchoes }) {
    this.#displays = deps.displays;
    this.#clock = deps.clock;
    this.#echoes = deps.echoes;
  }

  /** The follower gets the present shape and place at once. */
  follow(viewerId: string, send: (bytes: Uint8Array) => void): void {
    this.unfollow(viewerId);
    const follower: Follower = { send, sent: new Set(), cancelCheck: undefined };
    this.#followers.set(viewerId, follower);
    this.#sendShape(follower);
    this.#sendPlace(follower);
  }

  unfollow(viewerId: string): void {
    this.#followers.get(viewerId)?.cancelCheck?.();
    this.#followers.delete(viewerId);
  }

  take(event: CursorEvent): void {
    if (event.type === 'cursor-shape') this.#takeShape(event);
    else this.#takePlace(event);
  }

  #takeShape(shape: CursorShape): void {
    const next = isInvisible(shape) ? 'hidden' : this.#named(fitCursor(shape));
    // Captures of several displays each tell of the one pointer.
    if (isSame(this.#current, next)) return;
    this.#current = next;
    for (const follower of this.#followers.values()) this.#sendShape(follower);
  }

  #takePlace({ x, y }: { x: number; y: number }): void {
    if (this.#place?.x === x && this.#place.y === y) return;
    this.#place = { x, y };
    for (const [viewerId, follower] of this.#followers) {
      if (this.#echoes.isEcho(viewerId)) this.#checkLater(viewerId, follower);
      else this.#sendPlace(follower);
    }
  }

  /** A program may move the pointer in answer to a click; seen once the echoes have died down. */
  #checkLater(viewerId: string, follower: Follower): void {
    follower.cancelCheck?.();
    follower.cancelCheck = this.#clock.after(CHECK_MS, () => {
      follower.cancelCheck = undefined;
      if (this.#echoes.isEcho(viewerId)) {
        this.#checkLater(viewerId, follower);
        return;
      }
      const own = this.#echoes.lastPlace(viewerId);
      if (own?.x !== this.#place?.x || own?.y !== this.#place?.y) this.#sendPlace(follower);
    });
  }

  #sendShape(follower: Follower): void {
    if (!this.#current) return;
    emit(follower, shapeMessage(this.#current, follower.sent));
    if (this.#current !== 'hidden') follower.sent.add(this.#current.shapeId);
  }

  #sendPlace(follower: Follower): void {
    const place = this.#place && this.#displays.locate(this.#place.x, this.#place.y);
    if (place) emit(follower, { type: 'position', ...place });
  }

  #named(shape: CursorShape): { shapeId: number; shape: CursorShape } {
    const { width, height, hotspotX, hotspotY } = shape;
    const name = createHash('sha1')
      .update(`${width} ${height} ${hotspotX} ${hotspotY} `)
      .update(shape.rgba)
      .digest('base64');
    const known = this.#shapeIds.get(name);
    if (known !== undefined) return { shapeId: known, shape };
    const shapeId = this.#nextShapeId;
    this.#nextShapeId += 1;
    this.#shapeIds.set(name, shapeId);
    const oldest = this.#shapeIds.keys().next();
    if (this.#shapeIds.size > REMEMBERED_SHAPES && !oldest.done) this.#shapeIds.delete(oldest.value);
    return { shapeId, shape };
  }
}

type Current = { shapeId: number; shape: CursorShape } | 'hidden' | undefined;

function isSame(one: Current, other: Current): boolean {
  if (typeof one === 'object' && typeof other === 'object') return one.shapeId === other.shapeId;
  return one === other;
}

function shapeMessage(current: NonNullable<Current>, sent: ReadonlySet<number>): CursorMessage {
  if (current === 'hidden') return { type: 'hidden' };
  const { shapeId, shape } = current;
  if (sent.has(shapeId)) return { type: 'use', shapeId };
  const { width, height, hotspotX, hotspotY, rgba } = shape;
  return { type: 'shape', shapeId, width, height, hotspotX, hotspotY, rgba };
}

function emit(follower: Follower, message: CursorMessage): void {
  follower.send(encodeCursor(message));
}

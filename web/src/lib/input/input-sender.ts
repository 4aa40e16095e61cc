import { encodeInput, MAX_TEXT_BYTES, type PointerPlace } from '@guruconnect/shared';
import type { Timing } from '../rtc/timing.ts';
import { InputLog, type UnnumberedInput } from './input-log.ts';
import { InputNudges } from './input-nudges.ts';
import type { KeyAction } from './key-tracker.ts';

/** The two channels of a peer that carry input. */
export interface InputPort {
  /** False when the channel is not open: the bytes are dropped. */
  send(label: 'move' | 'input', bytes: Uint8Array<ArrayBuffer>): boolean;
  bufferedBytes(label: 'move' | 'input'): number;
  /** Whether the other end is so near that nothing gets lost on the way. */
  isNear?(): boolean;
}

/**
 * Numbers and sends what the technician's hands do. One sender a peer: ids rise by one across both channels,
 * from 1, since 0 stands for "no input yet" beside a frame.
 */
export class InputSender {
  readonly #port: InputPort;
  readonly #onSent: (inputId: number) => void;
  readonly #now: () => number;
  readonly #nudges: InputNudges | undefined;
  /** What was sent over `input`, for the sender that takes over when this peer dies. */
  readonly log = new InputLog();
  #lastId = 0;
  /** What waits until it is known how far the peer before this one came. */
  #held: UnnumberedInput[] | undefined;
  /** Where the pointer is, while only the lossy channel has been told, or nobody yet. */
  #unsettled: PointerPlace | undefined;

  /** With a `timing`, what must arrive is followed by nudges: for paths on which packets get lost. */
  constructor(port: InputPort, onSent: (inputId: number) => void, now: () => number, timing?: Timing) {
    this.#port = port;
    this.#onSent = onSent;
    this.#now = now;
    this.#nudges =
      timing &&
      new InputNudges(timing, () => {
        this.#port.send('move', encodeInput({ type: 'nudge', inputId: this.#lastId }));
      });
  }

  /** Keeps everything back until `carryOn`, in order. */
  hold(): void {
    this.#held ??= [];
  }

  /** Sends what got lost on the way before, then what was kept back. */
  carryOn(lost: readonly UnnumberedInput[]): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of [...lost, ...held]) this.#send('input', message);
  }

  get lastId(): number {
    return this.#lastId;
  }
  get bufferedMoveBytes(): number {
    return this.#port.bufferedBytes('move');
  }

  /** The pointer is there now; `move` may follow later, or be thinned out. */
  aim(place: PointerPlace): void {
    this.#unsettled = place;
  }
  move(place: PointerPlace): void {
    this.#unsettled = place;
    this.#send('move', { type: 'move', ...place });
  }
  /**
   * Tells the newest place over the reliable channel if that has not been done: a lost move would leave the
   * remote pointer behind, and keys often go to what is under it.
   */
  settle(): void {
    const place = this.#unsettled;
    if (!place) return;
    this.#unsettled = undefined;
    this.#send('input', { type: 'move', ...place });
  }
  button(place: PointerPlace, button: number, down: boolean): void {
    this.#unsettled = undefined;
    this.#send('input', { type: 'button', ...place, button, down });
  }
  wheel(place: PointerPlace, dx: number, dy: number): void {
    if (dx === 0 && dy === 0) return;
    this.#unsettled = undefined;
    this.#send('input', { type: 'wheel', ...place, dx, dy });
  }
  keys(actions: readonly KeyAction[]): void {
    if (actions.some(({ down }) => down)) this.settle();
    for (const action of actions) this.#send('input', { type: 'key', ...action });
  }
  /** Text of any length, in as many messages as it takes. */
  text(text: string): void {
    this.settle();
    for (const part of splitText(text)) this.#send('input', { type: 'text', text: part });
  }
  held(usages: readonly number[]): void {
    this.#send('input', { type: 'held', usages });
  }
  releaseAll(): void {
    this.#send('input', { type: 'release-all' });
  }
  /** Presses the keys in order and lets them go in reverse: a shortcut that the browser cannot catch. */
  chord(usages: readonly number[]): void {
    const key = (usage: number, down: boolean): KeyAction => ({
      usage,
      codePoint: 0,
      down,
      repeat: false,
      modifiers: 0,
    });
    this.keys([
      ...usages.map((usage) => key(usage, true)),
      ...usages.toReversed().map((usage) => key(usage, false)),
    ]);
  }

  #send(label: 'move' | 'input', message: UnnumberedInput): void {
    if (this.#held) {
      // Of the pointer's way only its end counts, which `settle` tells.
      if (label === 'input') this.#held.push(message);
      return;
    }
    const inputId = this.#lastId + 1;
    if (!this.#port.send(label, encodeInput({ ...message, inputId }))) return;
    this.#lastId = inputId;
    if (label === 'input') {
      this.log.add(inputId, message, this.#now());
      if (!this.#port.isNear?.()) this.#nudges?.arm();
    }
    this.#onSent(inputId);
  }
}

/** Parts of at most MAX_TEXT_BYTES UTF-8 bytes, never cut inside a character; half characters are left out. */
export function splitText(text: string, maxBytes = MAX_TEXT_BYTES): string[] {
  const parts: string[] = [];
  let part = '';
  let bytes = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
    const size = utf8Size(codePoint);
    if (bytes + size > maxBytes) {
      parts.push(part);
      part = '';
      bytes = 0;
    }
    part += character;
    bytes += size;
  }
  if (part) parts.push(part);
  return parts;
}

function utf8Size(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

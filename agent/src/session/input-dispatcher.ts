import { type InputMessage, USAGE_OF_CODE } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { Desktop } from '../desktop/desktop.ts';
import type { InputAction } from '../desktop/desktop-messages.ts';
import type { DisplayTable } from './display-table.ts';
import { toInputActions } from './to-input-actions.ts';

/** Brings about Ctrl-Alt-Del where its keys do not; returns why that cannot be. */
export type SecureAttention = () => string | undefined;

interface Source {
  newestPointerId: number;
  newestId: number;
  /** Something may be down because of it. */
  pressed: boolean;
}

/** Pointer moves within this time of our own injection are echoes of it. */
const ECHO_MS = 100;
const CTRL_ALT_DELETE = [USAGE_OF_CODE.ControlLeft, USAGE_OF_CODE.AltLeft, USAGE_OF_CODE.Delete];

/** Brings input that was allowed to the desktop, and takes back what a source holds down. */
export class InputDispatcher {
  readonly #desktop: Pick<Desktop, 'input' | 'forgetSource'>;
  readonly #displays: DisplayTable;
  readonly #clock: Clock;
  readonly #secureAttention: SecureAttention | undefined;
  readonly #sources = new Map<string, Source>();
  #pointer: { source: string; atMs: number; x: number; y: number } | undefined;
  #lastInputMs: number;
  #lastPressMs = Number.NEGATIVE_INFINITY;

  constructor(deps: {
    desktop: Pick<Desktop, 'input' | 'forgetSource'>;
    displays: DisplayTable;
    clock: Clock;
    secureAttention?: SecureAttention | undefined;
  }) {
    this.#desktop = deps.desktop;
    this.#displays = deps.displays;
    this.#clock = deps.clock;
    this.#secureAttention = deps.secureAttention;
    this.#lastInputMs = deps.clock.monotonicMs();
  }

  /** How long ago a technician pressed a key or a button. */
  get pressAgoMs(): number {
    return this.#clock.monotonicMs() - this.#lastPressMs;
  }

  /** How long nobody has used the machine from afar. */
  get idleMs(): number {
    return this.#clock.monotonicMs() - this.#lastInputMs;
  }

  /** Carries out one message of `source`. The caller has checked its grant. */
  dispatch(source: string, message: InputMessage): void {
    const state = this.#source(source);
    if (isPointer(message)) {
      // Moves are unordered: one that was overtaken by a newer move or a click must not drag the pointer back.
      if (message.type === 'move' && message.inputId < state.newestPointerId) return;
      state.newestPointerId = Math.max(state.newestPointerId, message.inputId);
    }
    const actions = toInputActions(message, (index) => this.#displays.byIndex(index));
    if (!actions) return;
    this.#lastInputMs = this.#clock.monotonicMs();
    if (message.type === 'release-all') state.pressed = false;
    else if (message.type !== 'move') {
      state.pressed = true;
      this.#lastPressMs = this.#lastInputMs;
    }
    this.#perform(source, state, message.inputId, actions);
  }

  /** For a technician whose own system keeps that combination for itself. Returns why it cannot be. */
  pressCtrlAltDelete(source: string): string | undefined {
    if (this.#secureAttention) {
      this.#lastInputMs = this.#clock.monotonicMs();
      return this.#secureAttention();
    }
    const key = (usage: number, down: boolean): InputAction => {
      return { type: 'key', usage, codePoint: 0, down, repeat: false, modifiers: 0 };
    };
    const actions = [
      ...CTRL_ALT_DELETE.map((usage) => key(usage, true)),
      ...CTRL_ALT_DELETE.toReversed().map((usage) => key(usage, false)),
    ];
    const state = this.#source(source);
    this.#lastInputMs = this.#clock.monotonicMs();
    this.#perform(source, state, state.newestId, actions);
    return undefined;
  }

  /** Puts up every key and button if this source may hold one: it blurred, lost control, or fell silent. */
  release(source: string): void {
    const state = this.#sources.get(source);
    if (!state?.pressed) return;
    state.pressed = false;
    this.#desktop.input(source, state.newestId, [{ type: 'release-all' }]);
  }

  /** The source is gone. */
  forget(source: string): void {
    this.release(source);
    this.#sources.delete(source);
    this.#desktop.forgetSource(source);
  }

  /** Whether a pointer position is the echo of what this source itself did just now. */
  isEcho(source: string): boolean {
    return this.#pointer?.source === source && this.#clock.monotonicMs() - this.#pointer.atMs < ECHO_MS;
  }

  /** Where this source itself last put the pointer, in desktop pixels. */
  lastPlace(source: string): { x: number; y: number } | undefined {
    return this.#pointer?.source === source ? this.#pointer : undefined;
  }

  #perform(source: string, state: Source, inputId: number, actions: readonly InputAction[]): void {
    state.newestId = Math.max(state.newestId, inputId);
    const move = actions.find((action) => action.type === 'move');
    if (move) this.#pointer = { source, atMs: this.#clock.monotonicMs(), x: move.x, y: move.y };
    this.#desktop.input(source, inputId, actions);
  }

  #source(source: string): Source {
    const known = this.#sources.get(source) ?? { newestPointerId: 0, newestId: 0, pressed: false };
    this.#sources.set(source, known);
    return known;
  }
}

function isPointer(
  message: InputMessage,
): message is Extract<InputMessage, { type: 'move' | 'button' | 'wheel' }> {
  return message.type === 'move' || message.type === 'button' || message.type === 'wheel';
}

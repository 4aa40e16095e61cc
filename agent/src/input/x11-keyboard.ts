import { HeldKeys } from './held-keys.ts';
import { keycodeOfUsage } from './hid-to-evdev.ts';
import type { KeyInput } from './injector.ts';
import { isShortcut, type KeyboardState, type KeyPlan, planCharacter, planShortcut } from './key-plan.ts';
import type { Keymap } from './keymap.ts';
import { keysymOfCodePoint } from './keysyms.ts';
import { isControlCharacter, keycodeOfControl, resolveNamedKey } from './resolve-key.ts';
import { SpareKeys } from './spare-keys.ts';
import type { X11Connection, XkbState } from './x11-connection.ts';
import { keyboardState, pressUnder } from './x11-modifiers.ts';

export interface X11KeyboardDeps {
  readonly connection: X11Connection;
  /** Milliseconds that only rise. */
  readonly now: () => number;
  /** Calls `mapChanged` when the server has told of a change. */
  readonly followMapChanges: () => void;
}

/** Text on its way: what is typed already, and the modifiers that were lifted for it. */
export interface TextJob {
  readonly codePoints: readonly number[];
  next: number;
  lifted: readonly number[] | undefined;
}

/** What to press: a plan, nothing at all, or nothing before some milliseconds have passed. */
type Decision = { readonly plan: KeyPlan } | { readonly waitMs: number } | undefined;

/**
 * The technician's keyboard on the remote one. Keys with a character arrive as that character whatever the
 * two layouts are; the others arrive by their physical place. Methods that return a number return how many
 * milliseconds to wait before calling again with the same argument; 0 says done.
 *
 * Repeats are the technician's: a key held here is pressed so that the server does not repeat it, because
 * on a stalled network it would go on (a held Delete) with nobody able to stop it.
 */
export class X11Keyboard {
  readonly #connection: X11Connection;
  readonly #now: () => number;
  readonly #followMapChanges: () => void;
  readonly #held = new HeldKeys();
  #keymap: Keymap;
  readonly #spares: SpareKeys;

  constructor(deps: X11KeyboardDeps) {
    this.#connection = deps.connection;
    this.#now = deps.now;
    this.#followMapChanges = deps.followMapChanges;
    // Keys that a killed predecessor left down; the server ignores releases of keys of real keyboards.
    for (const keycode of this.#connection.keysDown()) this.#connection.key(keycode, false);
    this.#keymap = this.#connection.keymap();
    this.#spares = new SpareKeys(this.#keymap.unusedKeycodes());
  }

  /** Reads the keymap again and keeps the lent keys that are still as they were lent. */
  mapChanged(): void {
    this.#keymap = this.#connection.keymap();
    this.#spares.refresh(
      this.#keymap.unusedKeycodes(),
      (keycode, keysym) => this.#keymap.keysym(keycode, 0, 0) === keysym,
    );
  }

  key(input: KeyInput): number {
    const held = this.#held.keycodeOf(input.usage);
    if (!input.down) {
      if (held !== undefined) this.#release(input.usage);
      return 0;
    }
    if (input.repeat && held !== undefined && (held === 0 || this.#keymap.isModifier(held))) return 0;
    if (held !== undefined) this.#release(input.usage);
    return this.#press(input);
  }

  type(job: TextJob): number {
    job.lifted ??= this.#liftModifiers();
    const state = this.#readState();
    for (; job.next < job.codePoints.length; job.next++) {
      const codePoint = job.codePoints[job.next] ?? 0;
      const decision = isControlCharacter(codePoint)
        ? this.#decideControl(state, codePoint)
        : this.#decideCharacter(state, 0, codePoint);
      if (decision === undefined) continue;
      if ('waitMs' in decision) {
        this.#lendAhead(state, job.codePoints.slice(job.next));
        this.#connection.flush();
        return decision.waitMs;
      }
      this.#tap(state, decision.plan);
    }
    for (const keycode of job.lifted) {
      if (this.#held.keycodes().includes(keycode)) this.#connection.key(keycode, true);
    }
    this.#connection.flush();
    return 0;
  }

  held(usages: readonly number[]): void {
    const kept = new Set(usages);
    this.#releaseMany(this.#held.usages().filter((usage) => !kept.has(usage)));
  }

  releaseAll(): void {
    this.#releaseMany(this.#held.usages());
  }

  /** Releases everything and takes the lent keys back, once applications had time to read them. */
  close(): void {
    this.releaseAll();
    const settleMs = this.#spares.settleMs(this.#now());
    if (settleMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, settleMs);
    for (const { keycode, keysym } of this.#spares.lent()) {
      if (this.#connection.keymap().keysym(keycode, 0, 0) === keysym)
        this.#connection.changeKeysym(keycode, 0);
    }
  }

  #press(input: KeyInput): number {
    const state = this.#readState();
    const decision = this.#decide(state, input);
    if (decision === undefined) {
      if (input.usage !== 0) this.#held.press(input.usage, 0);
      return 0;
    }
    if ('waitMs' in decision) return decision.waitMs;
    const { keycode } = decision.plan;
    if (input.usage === 0) {
      this.#tap(state, decision.plan);
    } else {
      if (this.#held.keycodes().includes(keycode)) this.#connection.key(keycode, false);
      this.#pressUnder(state, decision.plan, () => this.#connection.pressWithoutRepeat(keycode));
      this.#held.press(input.usage, keycode);
    }
    this.#connection.flush();
    return 0;
  }

  #decide(state: XkbState, input: KeyInput): Decision {
    const at = this.#stateOf(state);
    if (input.codePoint === 0 || isControlCharacter(input.codePoint)) {
      const keycode = resolveNamedKey(this.#keymap, at, input);
      return keycode === 0 ? undefined : { plan: { keycode, modifiers: at.modifiers, group: at.group } };
    }
    const own = keycodeOfUsage(input.usage);
    if (isShortcut(this.#keymap, at)) {
      const plan = planShortcut(this.#keymap, at, own, input.codePoint);
      if (plan !== undefined) return { plan };
    }
    return this.#decideCharacter(state, own, input.codePoint);
  }

  #decideControl(state: XkbState, codePoint: number): Decision {
    const keycode = keycodeOfControl(this.#keymap, codePoint);
    return keycode === 0 ? undefined : { plan: { keycode, modifiers: state.modifiers, group: state.group } };
  }

  /** Finds the character on the keymap, or lends it a key there. */
  #decideCharacter(state: XkbState, own: number, codePoint: number): Decision {
    const plan = this.#planOrLend(state, own, codePoint);
    if (plan === undefined || 'waitMs' in plan) return plan;
    const waitMs = this.#spares.readyInMs(plan.keycode, this.#now());
    return waitMs > 0 ? { waitMs } : { plan };
  }

  #planOrLend(state: XkbState, own: number, codePoint: number): KeyPlan | { waitMs: number } | undefined {
    const at = this.#stateOf(state);
    const plan = planCharacter(this.#keymap, at, own, codePoint);
    if (plan !== undefined) {
      this.#spares.touch(plan.keycode, this.#now());
      return plan;
    }
    const keysym = keysymOfCodePoint(codePoint);
    const grant = this.#spares.take(keysym, this.#now(), new Set(this.#held.keycodes()));
    if (grant === undefined || 'waitMs' in grant) return grant;
    this.#connection.changeKeysym(grant.keycode, keysym);
    this.mapChanged();
    return planCharacter(this.#keymap, at, grant.keycode, codePoint);
  }

  /** Lends keys to the characters that come next, so that they settle together. */
  #lendAhead(state: XkbState, codePoints: readonly number[]): void {
    for (const codePoint of codePoints.filter((each) => !isControlCharacter(each))) {
      const plan = this.#planOrLend(state, 0, codePoint);
      if (plan === undefined || 'waitMs' in plan) return;
    }
  }

  #tap(state: XkbState, plan: KeyPlan): void {
    const { keycode } = plan;
    if (this.#held.keycodes().includes(keycode)) this.#connection.key(keycode, false);
    this.#pressUnder(state, plan, () => {
      this.#connection.key(keycode, true);
      this.#connection.key(keycode, false);
    });
  }

  #pressUnder(state: XkbState, plan: KeyPlan, press: () => void): void {
    const parts = { connection: this.#connection, keymap: this.#keymap, held: this.#held.keycodes() };
    pressUnder(parts, state, plan, press);
  }

  /** The state's answer brings along all news from before it, so the keymap is never older than the state. */
  #readState(): XkbState {
    const state = this.#connection.state();
    this.#followMapChanges();
    return state;
  }

  #stateOf(state: XkbState): KeyboardState {
    return keyboardState(this.#keymap, state, this.#held.keycodes());
  }

  /** Text is never a shortcut: what is held goes up for it. */
  #liftModifiers(): number[] {
    const modifiers = this.#held.keycodes().filter((keycode) => this.#keymap.isModifier(keycode));
    for (const keycode of modifiers) this.#connection.key(keycode, false);
    return modifiers;
  }

  #release(usage: number): void {
    const keycode = this.#held.release(usage);
    this.#spares.touch(keycode, this.#now());
    this.#connection.key(keycode, false);
    this.#connection.flush();
  }

  /** Modifiers go last, so that no key is seen without those that it was pressed with. */
  #releaseMany(usages: readonly number[]): void {
    const isModifier = (usage: number) => this.#keymap.isModifier(this.#held.keycodeOf(usage) ?? 0);
    for (const usage of usages.filter((each) => !isModifier(each))) this.#release(usage);
    for (const usage of usages.filter(isModifier)) this.#release(usage);
  }
}

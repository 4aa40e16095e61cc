import { MODIFIER, USAGE_OF_CODE } from '@guruconnect/shared';
import type { InputSender } from './input-sender.ts';
import { usageOfCharacter } from './key-chords.ts';
import { type KeyStroke, KeyTracker, type LocalSystem } from './key-tracker.ts';
import { type LocalShortcut, localShortcutOf } from './local-shortcuts.ts';
import { modifiersOf } from './modifiers.ts';

export interface KeyboardCaptureDeps {
  /** Focusable and able to hold text, else input methods and phone keyboards do not work. */
  readonly target: HTMLTextAreaElement;
  readonly system: LocalSystem;
  /** Where keys go; undefined while they are not captured, and every key keeps its local meaning. */
  input(): InputSender | undefined;
  /** The shortcuts that stay local, so that the keyboard is no trap. */
  onShortcut(shortcut: LocalShortcut): void;
  /** Modifiers that were tapped on the on-screen row for the next key; asking uses them up. */
  takeStickyUsages(): readonly number[];
}

/** How often the keys that are really held are told again while any is. */
const RESYNC_MS = 2_000;
/** Text that lies in the target so that Backspace on a phone has something to delete. */
const FILLER = '        ';
const LONGEST_PASTE = 10_000;

/** Turns the browser's keyboard, input-method and paste events on one textarea into input messages. */
export class KeyboardCapture {
  readonly #deps: KeyboardCaptureDeps;
  readonly #tracker: KeyTracker;
  readonly #stop = new AbortController();
  #expiry: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: KeyboardCaptureDeps) {
    this.#deps = deps;
    this.#tracker = new KeyTracker(deps.system);
    const { target } = deps;
    const { signal } = this.#stop;
    const release = () => this.releaseAll();
    target.addEventListener('keydown', (event) => this.#onKey(event, true), { signal });
    target.addEventListener('keyup', (event) => this.#onKey(event, false), { signal });
    target.addEventListener('compositionend', (event) => this.#onText(event.data), { signal });
    target.addEventListener('input', (event) => this.#onInput(event as InputEvent), { signal });
    target.addEventListener('paste', (event) => this.#onPaste(event), { signal });
    target.addEventListener('focus', () => this.#deps.input()?.held([]), { signal });
    target.addEventListener('blur', release, { signal });
    window.addEventListener('blur', release, { signal });
    window.addEventListener('pagehide', release, { signal });
    const onVisibility = () => document.visibilityState === 'hidden' && this.releaseAll();
    document.addEventListener('visibilitychange', onVisibility, { signal });
    const resync = setInterval(() => this.#resync(), RESYNC_MS);
    signal.addEventListener('abort', () => clearInterval(resync));
    this.#reset();
  }

  /** Lets go of everything at the remote side, buttons too. */
  releaseAll(): void {
    clearTimeout(this.#expiry);
    this.#tracker.clear();
    this.#deps.input()?.releaseAll();
  }

  /** Whether a real Ctrl key is down: the browser claims one for a trackpad's pinch, too. */
  get holdsControl(): boolean {
    return this.#tracker.holdsControl;
  }

  /** A pointer event told the modifiers: those that are up here go up there. */
  syncModifiers(modifiers: number): void {
    this.#deps.input()?.keys(this.#tracker.releaseStale(modifiers));
  }

  stop(): void {
    this.releaseAll();
    this.#stop.abort();
  }

  #onKey(event: KeyboardEvent, down: boolean): void {
    const shortcut = down ? localShortcutOf(event) : undefined;
    if (shortcut) {
      event.preventDefault();
      this.releaseAll();
      if (!event.repeat) this.#deps.onShortcut(shortcut);
      return;
    }
    const input = this.#deps.input();
    if (!input || isComposed(event)) return;
    const stroke = strokeOf(event, down);
    // An input method may turn a dead key into a composition, but only if the browser sees it.
    if (event.key !== 'Dead' || (stroke.modifiers & SHORTCUT_BITS) !== 0) event.preventDefault();
    const actions = this.#tracker.handle(stroke);
    const sticky = down && actions.some((action) => action.down) ? this.#deps.takeStickyUsages() : [];
    if (sticky.length > 0 && stroke.code) {
      // The row's Ctrl, then a key of a real keyboard: hold it for this key only.
      input.keys(sticky.map((usage) => ({ ...PLAIN, usage, down: true })));
      input.keys(actions);
      input.keys(sticky.map((usage) => ({ ...PLAIN, usage, down: false })));
    } else {
      input.keys(actions);
    }
    this.#scheduleExpiry();
  }

  #scheduleExpiry(): void {
    clearTimeout(this.#expiry);
    const until = this.#tracker.waitingUntilMs;
    if (until === undefined) return;
    const expire = () => this.#deps.input()?.keys(this.#tracker.expire());
    this.#expiry = setTimeout(expire, Math.max(0, until - performance.now()));
  }

  #onInput(event: InputEvent): void {
    if (event.isComposing) return;
    switch (event.inputType) {
      case 'insertText':
      case 'insertReplacementText':
        this.#onText(event.data ?? '');
        break;
      case 'insertLineBreak':
      case 'insertParagraph':
        this.#deps.input()?.chord([USAGE_OF_CODE.Enter]);
        break;
      case 'deleteContentBackward':
        this.#deps.input()?.chord([USAGE_OF_CODE.Backspace]);
        break;
      case 'deleteContentForward':
        this.#deps.input()?.chord([USAGE_OF_CODE.Delete]);
        break;
    }
    this.#reset();
  }

  #onText(text: string): void {
    const input = this.#deps.input();
    const sticky = text ? this.#deps.takeStickyUsages() : [];
    const usage = usageOfCharacter(text);
    if (sticky.length > 0 && usage !== 0) input?.chord([...sticky, usage]);
    else if (text) input?.text(text);
    this.#reset();
  }

  #onPaste(event: ClipboardEvent): void {
    event.preventDefault();
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text) this.#deps.input()?.text(text.slice(0, LONGEST_PASTE));
  }

  #resync(): void {
    if (this.#tracker.holdsAny) this.#deps.input()?.held(this.#tracker.heldUsages);
  }

  #reset(): void {
    const { target } = this.#deps;
    target.value = FILLER;
    target.setSelectionRange(FILLER.length, FILLER.length);
  }
}

const SHORTCUT_BITS = MODIFIER.control | MODIFIER.alt | MODIFIER.meta;
const PLAIN = { codePoint: 0, repeat: false, modifiers: 0 } as const;

/** Keys that belong to an input method or a phone's keyboard arrive as text instead. */
function isComposed(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229 || event.key === 'Process') return true;
  return event.code === '' && event.key === 'Unidentified';
}

function strokeOf(event: KeyboardEvent, down: boolean): KeyStroke {
  const { code, key, repeat, timeStamp } = event;
  return { down, code, key, repeat, modifiers: modifiersOf(event), timeMs: timeStamp };
}

import type { InputAction } from './desktop-messages.ts';

type KeyAction = Extract<InputAction, { type: 'key' }>;

/**
 * Which keys and buttons are down, as far as was asked for. The display server keeps them down when the helper that
 * pressed them dies, and the next helper does not know.
 */
export class HeldKeys {
  readonly #keys = new Map<string, KeyAction>();
  readonly #buttons = new Set<number>();

  follow(actions: readonly InputAction[]): void {
    for (const action of actions) this.#followOne(action);
  }

  /** What puts everything up again; afterwards nothing counts as held. */
  releaseActions(): InputAction[] {
    const actions: InputAction[] = [];
    for (const key of this.#keys.values()) actions.push(key, { ...key, down: false, repeat: false });
    for (const button of this.#buttons) {
      actions.push({ type: 'button', button, down: true }, { type: 'button', button, down: false });
    }
    this.#clear();
    return actions;
  }

  #followOne(action: InputAction): void {
    switch (action.type) {
      case 'key':
        if (action.down) this.#keys.set(keyName(action), action);
        else this.#keys.delete(keyName(action));
        break;
      case 'button':
        if (action.down) this.#buttons.add(action.button);
        else this.#buttons.delete(action.button);
        break;
      case 'held':
        for (const [name, key] of this.#keys) if (!action.usages.includes(key.usage)) this.#keys.delete(name);
        break;
      case 'release-all':
        this.#clear();
        break;
      default:
        break;
    }
  }

  #clear(): void {
    this.#keys.clear();
    this.#buttons.clear();
  }
}

function keyName(key: KeyAction): string {
  return key.usage === 0 ? `character ${key.codePoint}` : `usage ${key.usage}`;
}

import type { AgentControlMessage } from '@guruconnect/shared';
import type { DisplayTable } from './display-table.ts';

/** Which displays one viewer looks at, by video track; the main one until it chose. */
export class ShownDisplays {
  readonly tracks: number;
  readonly #displays: DisplayTable;
  #chosen: readonly number[] = [];

  constructor(displays: DisplayTable, tracks: number) {
    this.#displays = displays;
    this.tracks = tracks;
  }

  get first(): number {
    return this.#indexes[0] ?? 0;
  }

  get ids(): string[] {
    return this.#indexes.flatMap((index) => this.#displays.byIndex(index)?.id ?? []);
  }

  get message(): Extract<AgentControlMessage, { type: 'displays' }> {
    const displays = [...this.#displays.all];
    return { type: 'displays', displays, display: this.first, shown: [...this.#indexes] };
  }

  /** Those for which there is no track are left out. False when one is not there. */
  choose(indexes: readonly number[]): boolean {
    if (indexes.some((index) => !this.#displays.byIndex(index))) return false;
    this.#chosen = [...new Set(indexes)].slice(0, this.tracks);
    return true;
  }

  /** Monitors came or went. */
  follow(): void {
    this.#chosen = this.#chosen.filter((index) => this.#displays.byIndex(index));
  }

  get #indexes(): readonly number[] {
    const main = this.#displays.main?.index;
    if (this.#chosen.length > 0) return this.#chosen;
    return main === undefined ? [] : [main];
  }
}

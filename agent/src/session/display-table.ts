import type { DisplayInfo } from '@guruconnect/shared';
import type { NativeDisplay } from '../../native/addon.d.ts';

const MAX_DISPLAYS = 64;
const MAX_SIDE = 32_767;

/** Gives each monitor its number on the wire, which it keeps when others come and go. */
export class DisplayTable {
  readonly #indexes = new Map<string, number>();
  #displays: readonly DisplayInfo[] = [];

  get all(): readonly DisplayInfo[] {
    return this.#displays;
  }

  update(native: readonly NativeDisplay[]): void {
    this.#displays = native
      .filter((one) => one.width >= 1 && one.height >= 1)
      .flatMap((one) => {
        const index = this.#indexOf(one.id);
        if (index === undefined) return [];
        return [
          {
            index,
            id: one.id.slice(0, 200),
            name: one.name.slice(0, 200),
            x: one.x,
            y: one.y,
            width: Math.min(MAX_SIDE, one.width),
            height: Math.min(MAX_SIDE, one.height),
            primary: one.primary,
          },
        ];
      });
  }

  byIndex(index: number): DisplayInfo | undefined {
    return this.#displays.find((one) => one.index === index);
  }

  byId(id: string): DisplayInfo | undefined {
    return this.#displays.find((one) => one.id === id);
  }

  /** What a viewer sees first. */
  get main(): DisplayInfo | undefined {
    return this.#displays.find((one) => one.primary) ?? this.#displays[0];
  }

  /** The monitor under a place of the desktop, and the place on it. */
  locate(x: number, y: number): { display: number; x: number; y: number } | undefined {
    const on = this.#displays.find(
      (one) => x >= one.x && y >= one.y && x < one.x + one.width && y < one.y + one.height,
    );
    return on && { display: on.index, x: x - on.x, y: y - on.y };
  }

  #indexOf(id: string): number | undefined {
    const known = this.#indexes.get(id);
    if (known !== undefined) return known;
    if (this.#indexes.size >= MAX_DISPLAYS) return undefined;
    this.#indexes.set(id, this.#indexes.size);
    return this.#indexes.size - 1;
  }
}

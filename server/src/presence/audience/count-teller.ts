import type { GroupCount } from '@guruconnect/shared';
import type { MachineSearchFeature } from '../../core/machine-features.ts';
import type { PageWatch } from './page-watch.ts';

type Counts = ReadonlyMap<string, GroupCount>;
export type CountsFor = MachineSearchFeature['countsFor'];

/** Tells pages which counts of the sidebar changed. */
export class CountTeller {
  readonly #countsFor: CountsFor;

  constructor(countsFor: CountsFor) {
    this.#countsFor = countsFor;
  }

  /**
   * Counts once for all pages of a person, and tells each what is new to it. Filters are everybody's own; what people
   * of one scope have in common, the counter itself does not count twice.
   */
  async tell(pages: readonly PageWatch[]): Promise<void> {
    const ofPerson = new Map<string, Counts>();
    for (const page of pages) {
      const { userId } = page.login;
      const counts = ofPerson.get(userId) ?? (await this.#count(page));
      ofPerson.set(userId, counts);
      tellDelta(page, counts);
    }
  }

  async #count({ login }: PageWatch): Promise<Counts> {
    return new Map((await this.#countsFor(login)).map((count) => [count.key, count]));
  }
}

function tellDelta(page: PageWatch, counts: Counts): void {
  const before = page.counts ?? new Map<string, GroupCount>();
  const changed = [...counts.values()].filter((count) => !isSame(before.get(count.key), count));
  const gone = [...before.values()].filter(({ key }) => !counts.has(key));
  page.counts = counts;
  if (changed.length + gone.length === 0 || !page.isConnected) return;
  page.tell('machines:counts', { counts: [...changed, ...gone.map((count) => ({ ...count, count: 0 }))] });
}

function isSame(one: GroupCount | undefined, other: GroupCount): boolean {
  return one?.count === other.count && one.title === other.title && one.parent === other.parent;
}

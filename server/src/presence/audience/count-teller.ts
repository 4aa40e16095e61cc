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

  /** Counts once for all pages that see the same, and tells each what is new to it. */
  async tell(pages: readonly PageWatch[]): Promise<void> {
    const ofPerson = new Map<string, Counts>();
    const ofScope = new Map<string, Counts>();
    for (const page of pages) {
      const { userId } = page.login;
      const scope = scopeKey(page);
      let counts = ofPerson.get(userId) ?? ofScope.get(scope);
      if (!counts) {
        counts = new Map((await this.#countsFor(page.login)).map((count) => [count.key, count]));
        ofPerson.set(userId, counts);
        if (!isPersonal(counts)) ofScope.set(scope, counts);
      }
      tellDelta(page, counts);
    }
  }
}

function scopeKey({ scope }: PageWatch): string {
  return scope === 'all' ? scope : [...scope].sort().join();
}

/** Whether filters are among them, which everybody has their own of. */
function isPersonal(counts: Counts): boolean {
  return [...counts.keys()].some((key) => key.startsWith('filter:'));
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

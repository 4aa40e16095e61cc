import { type GroupCount, type Preferences, SMART_GROUPS } from '@guruconnect/shared';

export type SectionId = 'company' | 'site' | 'os' | 'tag' | 'type';

export interface GroupNode extends GroupCount {
  readonly children: readonly GroupCount[];
}

export interface GroupSection {
  readonly id: SectionId;
  readonly title: string;
  readonly groups: readonly GroupNode[];
}

export interface GroupTree {
  readonly all: number;
  /** In the order of their definition, with those that have no machine. */
  readonly smart: readonly GroupCount[];
  readonly sections: readonly GroupSection[];
}

const SECTIONS: readonly { id: SectionId; title: string }[] = [
  { id: 'company', title: 'Companies' },
  { id: 'site', title: 'Sites' },
  { id: 'os', title: 'Operating systems' },
  { id: 'tag', title: 'Tags' },
  { id: 'type', title: 'Device types' },
];

/** The sidebar's groups, sorted by what people read; the section that the person prefers comes first. */
export function groupTree(
  counts: ReadonlyMap<string, GroupCount>,
  first: Preferences['accessGrouping'],
): GroupTree {
  const byKind = groupBy(counts.values(), (one) => kindOf(one.key));
  const sites = groupBy(byKind.get('site') ?? [], (one) => one.parent ?? '');
  const sections = SECTIONS.map(({ id, title }) => ({
    id,
    title,
    groups: (byKind.get(id) ?? [])
      .toSorted(byTitle)
      .map((one) => ({ ...one, children: (sites.get(one.key) ?? []).toSorted(byTitle) })),
  }));
  return {
    all: counts.get('all')?.count ?? 0,
    smart: SMART_GROUPS.map(({ id, title }) => {
      const key = `smart:${id}`;
      return counts.get(key) ?? { key, title, parent: null, count: 0 };
    }),
    sections: sections.toSorted((a, b) => Number(b.id === first) - Number(a.id === first)),
  };
}

/** Groups whose title has the text in it; a company also when one of its sites has, with those sites. */
export function narrow(groups: readonly GroupNode[], text: string): readonly GroupNode[] {
  const wanted = text.trim().toLocaleLowerCase();
  if (!wanted) return groups;
  const has = (one: GroupCount) => one.title.toLocaleLowerCase().includes(wanted);
  return groups.flatMap((group) => {
    if (has(group)) return [group];
    const children = group.children.filter(has);
    return children.length > 0 ? [{ ...group, children }] : [];
  });
}

/** What a group is called, when it is known. */
export function titleOfGroup(key: string, counts: ReadonlyMap<string, GroupCount>): string {
  if (key === 'all') return 'All machines';
  const known = counts.get(key);
  if (known) return known.title;
  const smart = SMART_GROUPS.find(({ id }) => key === `smart:${id}`);
  if (smart) return smart.title;
  // The last machine left it while it was open; ids say nothing to people.
  return /^(os|tag|type):/.test(key) ? key.slice(key.indexOf(':') + 1) : 'Group';
}

export function kindOf(key: string): string {
  const colon = key.indexOf(':');
  return colon < 0 ? key : key.slice(0, colon);
}

function byTitle(left: GroupCount, right: GroupCount): number {
  return left.title.localeCompare(right.title, undefined, { numeric: true, sensitivity: 'base' });
}

function groupBy(all: Iterable<GroupCount>, keyOf: (one: GroupCount) => string): Map<string, GroupCount[]> {
  const groups = new Map<string, GroupCount[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

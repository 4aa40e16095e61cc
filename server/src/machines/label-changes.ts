import { GuruError, MAX_PROPERTIES } from '@guruconnect/shared';
import type { MachineDbRow } from '../db/schema/machines.ts';
import { distinctTags } from './distinct-tags.ts';

/** Columns that people and `--reconfigure` set. */
export type Labelled = Pick<
  MachineDbRow,
  'name' | 'siteId' | 'department' | 'deviceType' | 'tags' | 'notes' | 'properties'
>;
/** What shall be otherwise; what is left out stays. */
export type LabelWishes = { readonly [K in keyof Labelled]?: Labelled[K] | undefined };

/** Old and new value of each column that changed. */
export type Differences = Record<string, { from: unknown; to: unknown }>;

/**
 * The columns to set, none when everything is so already. Properties are merged, an empty value takes one away. Throws
 * `conflict` when there would be too many.
 */
export function labelChanges(row: Labelled, wishes: LabelWishes): Partial<Labelled> {
  const wanted = Object.fromEntries(
    Object.entries(wishes).filter(([, value]) => value !== undefined),
  ) as Partial<Labelled>;
  if (wanted.tags) wanted.tags = distinctTags(wanted.tags);
  if (wanted.properties) wanted.properties = mergeProperties(row.properties, wanted.properties);
  const entries = Object.entries(wanted).filter(
    ([key, value]) => textOf(value) !== textOf(row[key as keyof Labelled]),
  );
  return Object.fromEntries(entries) as Partial<Labelled>;
}

export function differencesOf(row: Labelled, changes: Partial<Labelled>): Differences {
  const keys = Object.keys(changes) as (keyof Labelled)[];
  return Object.fromEntries(keys.map((key) => [key, { from: row[key], to: changes[key] }]));
}

function mergeProperties(
  old: Labelled['properties'],
  wanted: Labelled['properties'],
): Labelled['properties'] {
  const merged = Object.entries({ ...old, ...wanted }).filter(([, value]) => value !== '');
  if (merged.length > MAX_PROPERTIES) {
    throw GuruError.conflict(`A machine has at most ${MAX_PROPERTIES} custom properties.`);
  }
  return Object.fromEntries(merged);
}

/** The order of properties means nothing, that of tags does. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  return JSON.stringify(Object.entries(value).sort());
}

/**
 * The query language of the search field (A4). Words and quoted phrases match anywhere in what people search for;
 * `field:value` matches one field, with `*` as a wildcard at the end or anywhere; `field<5d` and `field>5d` compare
 * ages; `-` in front turns a term round. All terms must hold; several values joined by a comma: one of them must.
 *
 *   os:windows company:glaz* offline>30d user:jsmith "front desk" -tag:test,spare
 */

/** A field whose value is text; `ip` means internal or external. */
export type TextField =
  | 'name'
  | 'host'
  | 'company'
  | 'site'
  | 'department'
  | 'type'
  | 'tag'
  | 'os'
  | 'build'
  | 'user'
  | 'ip'
  | 'internal'
  | 'external'
  | 'mac'
  | 'serial'
  | 'servicetag'
  | 'manufacturer'
  | 'model'
  | 'version'
  | 'note';

/** A field whose value is an age: `seen<1h` was there within the hour, `offline>30d` is away for longer. */
export type AgeField = 'seen' | 'checkin' | 'offline' | 'accessed' | 'booted' | 'added' | 'installed';

/** `is:` and its values. */
export type Flag =
  | 'online'
  | 'offline'
  | 'flagged'
  | 'hosted'
  | 'guested'
  | 'outdated'
  | 'cloned'
  | 'update-failed'
  | 'removed';

export type QueryTerm =
  | { readonly kind: 'word'; readonly text: string; readonly not: boolean }
  | {
      readonly kind: 'text';
      readonly field: TextField;
      readonly values: readonly string[];
      readonly not: boolean;
    }
  | {
      readonly kind: 'property';
      readonly key: string;
      readonly values: readonly string[];
      readonly not: boolean;
    }
  | {
      readonly kind: 'age';
      readonly field: AgeField;
      readonly than: 'less' | 'more';
      readonly ms: number;
      readonly not: boolean;
    }
  | { readonly kind: 'flag'; readonly flag: Flag; readonly not: boolean };

export interface MachineQuery {
  readonly terms: readonly QueryTerm[];
}

/** Where and why a text is not a query; `at` counts characters from 0. */
export interface QueryProblem {
  readonly at: number;
  readonly length: number;
  readonly message: string;
}

export type ParsedQuery =
  | { readonly ok: true; readonly query: MachineQuery }
  | { readonly ok: false; readonly problem: QueryProblem };

/** Longest text of a query. */
export const MAX_QUERY_LENGTH = 500;
export const MAX_QUERY_TERMS = 30;

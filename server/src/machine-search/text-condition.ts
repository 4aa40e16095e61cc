import { matchOf, type TextField } from '@guruconnect/shared';
import { type SQL, sql } from 'drizzle-orm';
import {
  asInWords,
  escapeLike,
  hasWildcard,
  indexable,
  isAnything,
  wildcardPattern,
} from './like-pattern.ts';

/**
 * Conditions on `machine_search s`. They may be NULL where a machine has no site: whoever negates one writes
 * `IS NOT TRUE`. Values become parameters and are put into lower case by the database, as the columns were.
 */
export function textCondition(field: TextField, values: readonly string[]): SQL {
  return anyOf(values.map((value) => withIndex(field, value, conditionOf(field, value))));
}

/** A custom property; a machine without it has the empty value. */
export function propertyCondition(key: string, values: readonly string[]): SQL {
  return anyOf(
    values.map((value) => {
      const has = arrayLike(sql`s.properties`, `${escapeLike(key)}=_%`);
      if (value === '') return sql`NOT ${has}`;
      if (isAnything(value)) return has;
      const exact = sql`lower(${`${key}=${value}`}) = ANY (s.properties)`;
      if (!hasWildcard(value)) return withWords(value, exact);
      return withWords(value, arrayLike(sql`s.properties`, `${escapeLike(key)}=${wildcardPattern(value)}`));
    }),
  );
}

export function anyOf(conditions: readonly SQL[]): SQL {
  return sql`(${sql.join([...conditions], sql` OR `)})`;
}

type Column = SQL;
const COLUMNS: Partial<Record<TextField, readonly Column[]>> = {
  name: [sql`s.name`, sql`s.host`],
  host: [sql`s.host`],
  department: [sql`s.department`],
  type: [sql`s.device_type`],
  os: [sql`s.os`],
  build: [sql`s.build`],
  user: [sql`s.logged_on_user`],
  external: [sql`s.external_ip`],
  serial: [sql`s.serial`],
  servicetag: [sql`s.service_tag`],
  manufacturer: [sql`s.manufacturer`],
  model: [sql`s.model`],
  version: [sql`s.version`],
  note: [sql`s.notes`],
};
const ARRAYS: Partial<Record<TextField, Column>> = {
  tag: sql`s.tags`,
  internal: sql`s.internal_ips`,
  mac: sql`s.macs`,
};
/** Fields with so few different values that the index of words would only cost. */
const COARSE: readonly TextField[] = [
  'os',
  'manufacturer',
  'model',
  'type',
  'department',
  'company',
  'site',
  'mac',
];

function conditionOf(field: TextField, value: string): SQL {
  if (field === 'ip') return anyOf([conditionOf('internal', value), conditionOf('external', value)]);
  if (field === 'company') return companyCondition(value);
  if (field === 'site') return siteCondition(value);
  if (field === 'mac') return arrayCondition(sql`s.macs`, value.replace(/[:.\-\s]/g, ''));
  const array = ARRAYS[field];
  if (array) return arrayCondition(array, value);
  const columns = COLUMNS[field] ?? [];
  const conditions = columns.map((column) => columnCondition(column, field, value));
  if (field === 'user') conditions.push(...accountConditions(value));
  if (field === 'os') conditions.push(sql`s.os_family = lower(${value})`);
  return anyOf(conditions);
}

function columnCondition(column: Column, field: TextField, value: string): SQL {
  if (value === '') return sql`${column} = ''`;
  if (isAnything(value)) return sql`${column} <> ''`;
  if (hasWildcard(value)) return sql`${column} LIKE lower(${wildcardPattern(value)})`;
  if (matchOf(field) === 'part') return sql`${column} LIKE lower(${`%${escapeLike(value)}%`})`;
  return sql`${column} = lower(${value})`;
}

/** `jsmith` is also `CORP\jsmith` and `jsmith@corp.example`. */
function accountConditions(value: string): SQL[] {
  if (value === '' || isAnything(value) || /[\\@]/.test(value)) return [];
  const pattern = wildcardPattern(value);
  return [
    sql`s.logged_on_user LIKE lower(${`%\\\\${pattern}`})`,
    sql`s.logged_on_user LIKE lower(${`${pattern}@%`})`,
  ];
}

function arrayCondition(array: Column, value: string): SQL {
  if (value === '') return sql`${array} = '{}'`;
  if (isAnything(value)) return sql`${array} <> '{}'`;
  return hasWildcard(value)
    ? arrayLike(array, wildcardPattern(value))
    : sql`lower(${value}) = ANY (${array})`;
}

function arrayLike(array: Column, pattern: string): SQL {
  return sql`EXISTS (SELECT FROM unnest(${array}) one WHERE one LIKE lower(${pattern}))`;
}

function companyCondition(value: string): SQL {
  if (value === '') return sql`false`;
  return sql`s.company_id = ANY (ARRAY(SELECT id FROM companies WHERE ${nameCondition(value)}))`;
}

function siteCondition(value: string): SQL {
  if (value === '') return sql`s.site_id IS NULL`;
  return sql`s.site_id = ANY (ARRAY(SELECT id FROM sites WHERE ${nameCondition(value)}))`;
}

function nameCondition(value: string): SQL {
  return hasWildcard(value)
    ? sql`lower(name) LIKE lower(${wildcardPattern(value)})`
    : sql`lower(name) = lower(${value})`;
}

/** The index of words finds candidates first, for fields whose values are among the words. */
function withIndex(field: TextField, value: string, condition: SQL): SQL {
  return COARSE.includes(field) ? condition : withWords(value, condition);
}

/** The condition, looked for among the machines that the index of words has for the value. */
export function withWords(value: string, condition: SQL): SQL {
  const piece = indexable(value);
  return piece === undefined
    ? condition
    : sql`(s.words LIKE lower(${`%${escapeLike(asInWords(piece))}%`}) AND ${condition})`;
}

import type { MachineSortKey } from '@guruconnect/shared';
import { type SQL, sql } from 'drizzle-orm';
import { rankOf } from './word-condition.ts';

export interface SearchOrder {
  /** Joined to `machine_search s`. */
  readonly join: SQL;
  readonly by: SQL;
}

type Column = Exclude<MachineSortKey, 'name' | 'rank'>;

/** What a column is sorted by, and which machines come last in both directions: those that have nothing in it. */
const COLUMNS: { [K in Column]: { by: SQL; last?: SQL; join?: SQL } } = {
  company: { by: sql`lower(c.name)`, join: sql`JOIN companies c ON c.id = s.company_id` },
  site: {
    by: sql`lower(t.name)`,
    last: sql`s.site_id IS NULL`,
    join: sql`LEFT JOIN sites t ON t.id = s.site_id`,
  },
  os: { by: sql`s.os`, last: sql`s.os = ''` },
  user: { by: sql`s.logged_on_user`, last: sql`s.logged_on_user = ''` },
  /** Up: those that are there come first. */
  online: { by: sql`NOT s.online` },
  seenAt: { by: sql`s.seen_at` },
  externalIp: { by: sql`s.address_key`, last: sql`s.address_key = ''` },
  agentVersion: { by: sql`s.version_key`, last: sql`s.version_key = ''` },
  lastAccessedAt: { by: sql`s.last_accessed_at`, last: sql`s.last_accessed_at IS NULL` },
  deviceType: { by: sql`s.device_type`, last: sql`s.device_type = ''` },
  department: { by: sql`s.department`, last: sql`s.department = ''` },
};

/** Columns of `machine_search s` that any order may need. */
export const ORDER_COLUMNS = sql.raw(
  'machine_id name_key name host company_id site_id os logged_on_user online seen_at address_key version_key last_accessed_at device_type department'
    .split(' ')
    .map((column) => `s.${column}`)
    .join(', '),
);

/**
 * The order of a list, the same on every page: machines that are alike in the column are sorted by name, then by id.
 * Without words there is nothing to rank by, and the name decides.
 */
export function searchOrder(
  sort: MachineSortKey | undefined,
  direction: 'up' | 'down' | undefined,
  words: readonly string[],
): SearchOrder {
  const key = sort ?? 'rank';
  const to = direction === 'down' ? sql` DESC` : sql``;
  const none = sql``;
  if (key === 'name' || (key === 'rank' && words.length === 0)) {
    return { join: none, by: sql`s.name_key${to}, s.machine_id${to}` };
  }
  if (key === 'rank') return { join: none, by: sql`${rankOf(words)}${to}, s.name_key, s.machine_id` };
  const { by, last, join } = COLUMNS[key];
  return {
    join: join ?? none,
    by: sql`${last ? sql`${last}, ` : none}${by}${to}, s.name_key, s.machine_id`,
  };
}

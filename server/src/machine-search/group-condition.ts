import { GuruError, type MachineQuery, type QueryTerm, SMART_GROUPS } from '@guruconnect/shared';
import { type SQL, sql } from 'drizzle-orm';
import { storable } from './like-pattern.ts';
import { parseOrRefuse } from './parse-or-refuse.ts';

/** A group of the sidebar: further terms of the query, or a condition on labels. */
export interface GroupPart {
  readonly terms: readonly QueryTerm[];
  readonly condition?: SQL;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Throws `not-found` for smart groups and filters that do not exist; labels that no machine has are empty groups. */
export async function groupPart(
  key: string,
  filterQuery: (filterId: string) => Promise<string>,
): Promise<GroupPart> {
  const colon = key.indexOf(':');
  const kind = colon < 0 ? key : key.slice(0, colon);
  const value = colon < 0 ? '' : storable(key.slice(colon + 1));
  switch (kind) {
    case 'all': {
      return { terms: [] };
    }
    case 'company': {
      return byId(sql`s.company_id`, value);
    }
    case 'site': {
      return byId(sql`s.site_id`, value);
    }
    case 'os': {
      return byCondition(sql`s.os = machine_label_key(${value})`);
    }
    case 'type': {
      return byCondition(sql`s.device_type = machine_label_key(${value})`);
    }
    case 'tag': {
      return byCondition(sql`machine_label_key(${value}) = ANY (s.tags)`);
    }
    case 'smart': {
      return { terms: smartGroup(value).terms };
    }
    case 'filter': {
      return { terms: parseOrRefuse(await filterQuery(value)).terms };
    }
    default: {
      throw GuruError.notFound('This group');
    }
  }
}

/** The query of a smart group. */
export function smartGroup(id: string): MachineQuery {
  const group = SMART_GROUPS.find((one) => one.id === id);
  if (!group) throw GuruError.notFound('This group');
  return parseOrRefuse(group.query);
}

function byId(column: SQL, value: string): GroupPart {
  return byCondition(UUID.test(value) ? sql`${column} = ${value}::uuid` : sql`false`);
}

function byCondition(condition: SQL): GroupPart {
  return { terms: [], condition };
}

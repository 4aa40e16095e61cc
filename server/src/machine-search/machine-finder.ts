import { type Actor, type ApiQuery, GuruError } from '@guruconnect/shared';
import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { storable } from './like-pattern.ts';
import { queryCondition } from './query-condition.ts';
import type { SearchContexts } from './search-context.ts';
import { withWords } from './text-condition.ts';

/**
 * The one machine that a link of another program means (I1): all that is given must be exactly so, case aside. Throws
 * `not-found` when the actor sees none, `conflict` when they see several.
 */
export async function findMachine(
  deps: { db: Database; contexts: SearchContexts },
  actor: Actor,
  wanted: ApiQuery<'findMachine'>,
): Promise<string> {
  const { host, serial, property, value } = wanted;
  if ((property === undefined) !== (value === undefined)) {
    throw GuruError.invalid('A custom property is found by its name and its value.');
  }
  const conditions: SQL[] = [];
  const add = (text: string, condition: SQL) => conditions.push(withWords(storable(text), condition));
  if (host !== undefined) add(host, sql`s.host = lower(${storable(host)})`);
  if (serial !== undefined) add(serial, sql`s.serial = lower(${storable(serial)})`);
  if (property !== undefined && value !== undefined) {
    add(value, sql`lower(${storable(`${property}=${value}`)}) = ANY (s.properties)`);
  }
  if (conditions.length === 0) {
    throw GuruError.invalid('Say which machine: by hostname, serial number or custom property.');
  }
  const where = sql.join([queryCondition([], await deps.contexts.of(actor, [])), ...conditions], sql` AND `);
  const { rows } = await deps.db.execute<{ id: string }>(
    sql`SELECT s.machine_id AS id FROM machine_search s WHERE ${where} LIMIT 2`,
  );
  const [found, another] = rows;
  if (!found) throw new GuruError('not-found', 'There is no such machine.');
  if (another) throw GuruError.conflict('Several machines fit. Say more about the one that is meant.');
  return found.id;
}

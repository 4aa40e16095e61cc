import { type SQL, sql } from 'drizzle-orm';
import type { SqlClient } from './seed-machines.ts';

/** The server's own connection as a client for plain text with `$1`: the embedded database has no second one. */
export function sqlClientOf(db: { execute(query: SQL): Promise<{ rows: unknown[] }> }): SqlClient {
  return {
    query: (text, values = []) => {
      const pieces = text.split(/\$(\d+)/);
      const chunks = pieces.map((piece, at) =>
        at % 2 === 1 ? sql`${sql.param(values[Number(piece) - 1])}` : sql.raw(piece),
      );
      return db.execute(sql.join(chunks));
    },
  };
}

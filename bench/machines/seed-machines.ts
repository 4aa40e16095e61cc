import { type CompanyPlan, makeCompanies } from './make-companies.ts';
import { makeMachine } from './make-machine.ts';
import { createDraw } from './random.ts';

export interface SeedOptions {
  readonly machines: number;
  readonly companies?: number;
  readonly sites?: number;
  /** The same seed makes the same machines, ages aside, which count from `now`. */
  readonly seed?: number;
  readonly now?: number;
  readonly log?: (line: string) => void;
}

/** What the seeding needs of a database client: `pg.Client` and `pg.Pool` fit. */
export interface SqlClient {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

export interface Seeded {
  readonly companies: readonly CompanyPlan[];
}

const BATCH = 1_000;

/**
 * Puts made-up machines with their companies and sites into a migrated database beside what is there, with all their
 * search texts and counts. The connection must own the tables. A server that runs on the database meanwhile does not
 * hear of them: start it afterwards.
 */
export async function seedMachines(db: SqlClient, options: SeedOptions): Promise<Seeded> {
  const { machines: count, seed = 1, now = Date.now(), log = () => undefined } = options;
  const draw = createDraw(seed);
  const companyCount = options.companies ?? Math.max(1, Math.round(count / 200));
  const companies = makeCompanies(draw, companyCount, options.sites ?? companyCount * 4);
  await insertCompanies(db, companies, now);
  const columns = await givenColumns(db);
  // Set by set is faster than machine by machine.
  await db.query('ALTER TABLE machines DISABLE TRIGGER USER');
  for (let from = 0; from < count; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => {
      const company = draw.pick(companies);
      return makeMachine(draw, company, (from + at) % 1_000, now);
    });
    await db.query(
      `INSERT INTO machines (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(null::machines, $1::jsonb)`,
      [JSON.stringify(rows)],
    );
    if ((from + BATCH) % 20_000 === 0) log(`${from + BATCH} machines`);
  }
  await db.query('ALTER TABLE machines ENABLE TRIGGER USER');
  await db.query('SELECT machine_search_rebuild()');
  await db.query('VACUUM ANALYZE machine_search');
  await db.query('VACUUM ANALYZE machine_counts');
  await db.query('VACUUM ANALYZE machines');
  log('search texts and counts made');
  return { companies };
}

/** The columns of a machine but those that the database works out. */
async function givenColumns(db: SqlClient): Promise<string> {
  const { rows } = await db.query(
    `SELECT string_agg(attname, ', ') AS names FROM pg_attribute
     WHERE attrelid = 'machines'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
  );
  return (rows as { names: string }[])[0]?.names ?? '';
}

async function insertCompanies(db: SqlClient, companies: readonly CompanyPlan[], now: number): Promise<void> {
  const at = new Date(now).toISOString();
  const consent = JSON.stringify({ kind: 'never' });
  await db.query(
    `INSERT INTO companies (id, name, access, consent, created_at)
     SELECT id, name, 'everyone', $2::jsonb, $3 FROM jsonb_to_recordset($1::jsonb) AS c (id uuid, name text)`,
    [JSON.stringify(companies.map(({ id, name }) => ({ id, name }))), consent, at],
  );
  const sites = companies.flatMap((company) =>
    company.sites.map((site) => ({ ...site, company_id: company.id })),
  );
  await db.query(
    `INSERT INTO sites (id, company_id, name, created_at)
     SELECT id, company_id, name, $2 FROM jsonb_to_recordset($1::jsonb) AS s (id uuid, company_id uuid, name text)`,
    [JSON.stringify(sites), at],
  );
}

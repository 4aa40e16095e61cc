import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { SimulatedMachine } from './simulated-agent.ts';

const BATCH = 500;

/** Puts the machines into the database as enrolment and a first check-in leave them. */
export async function enrolFleet(databaseUrl: string, fleet: readonly SimulatedMachine[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const companyId = randomUUID();
    await client.query(
      `INSERT INTO companies (id, name, access, consent, created_at)
       VALUES ($1, 'Bench', 'everyone', '{"kind":"never"}', now())`,
      [companyId],
    );
    for (let from = 0; from < fleet.length; from += BATCH) {
      const part = fleet.slice(from, from + BATCH);
      await client.query(
        `INSERT INTO machines (id, public_key, hardware_id, company_id, name, department, device_type, tags,
           hostname, os_family, os_name, agent_version, first_seen_at)
         SELECT id, key, '', $3, '', 'Office', 'Workstation', '{bench}', 'pc-' || number, 'linux', 'Debian 12',
           '0.1.0', now()
         FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS new (id, key, number)`,
        [part.map(({ machineId }) => machineId), part.map(({ publicKey }) => publicKey), companyId],
      );
    }
    await client.query('ANALYZE machines');
  } finally {
    await client.end();
  }
}

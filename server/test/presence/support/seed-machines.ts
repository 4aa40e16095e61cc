import { randomUUID } from 'node:crypto';
import type { Database } from '../../../src/db/database.ts';
import { companies, machines } from '../../../src/db/schema/machines.ts';
import { openTestDatabase } from '../../support/open-test-database.ts';
import type { TestDatabase } from '../../support/test-databases.ts';
import { type MachineIdentity, makeKeyPair } from './machine-identity.ts';

export interface SeedCompany {
  readonly companyId: string;
  readonly name: string;
  readonly machines: readonly MachineIdentity[];
}

/**
 * Puts companies with enrolled machines into a database that no server has open: `{ Acme: 2, Glazier: 1 }`. Hostnames
 * are `acme-1`, `acme-2`, …
 */
export async function seedMachines(
  database: TestDatabase,
  wanted: Readonly<Record<string, number>>,
  changes: Partial<typeof machines.$inferInsert> = {},
): Promise<SeedCompany[]> {
  const handle = await openTestDatabase(database);
  try {
    const seeded: SeedCompany[] = [];
    for (const [name, count] of Object.entries(wanted)) {
      seeded.push(await seedCompany(handle.db, name, count, changes));
    }
    return seeded;
  } finally {
    await handle.close();
  }
}

async function seedCompany(
  db: Database,
  name: string,
  count: number,
  changes: Partial<typeof machines.$inferInsert>,
): Promise<SeedCompany> {
  const companyId = await insertCompany(db, name);
  const identities: MachineIdentity[] = [];
  for (let at = 1; at <= count; at += 1) {
    identities.push(
      await insertMachine(db, companyId, { hostname: `${name.toLowerCase()}-${at}`, ...changes }),
    );
  }
  return { companyId, name, machines: identities };
}

export async function insertCompany(db: Database, name: string): Promise<string> {
  const companyId = randomUUID();
  await db.insert(companies).values({
    id: companyId,
    name,
    access: 'everyone',
    consent: { kind: 'never' },
    createdAt: Date.now(),
  });
  return companyId;
}

/** A machine as enrolment leaves it. */
export async function insertMachine(
  db: Database,
  companyId: string,
  changes: Partial<typeof machines.$inferInsert> = {},
): Promise<MachineIdentity> {
  const identity = { ...makeKeyPair(), machineId: randomUUID() };
  await db.insert(machines).values({
    id: identity.machineId,
    publicKey: identity.publicKey,
    hardwareId: '',
    version: 1,
    companyId,
    name: '',
    department: '',
    deviceType: '',
    tags: [],
    notes: '',
    properties: {},
    hostname: 'pc',
    osFamily: 'linux',
    osName: '',
    osBuild: '',
    manufacturer: '',
    model: '',
    serial: '',
    serviceTag: '',
    agentVersion: '',
    loggedOnUser: '',
    internalIps: [],
    macs: [],
    externalIp: '',
    lastRequestMs: 0,
    online: false,
    firstSeenAt: Date.now(),
    ...changes,
  });
  return identity;
}

import { randomBytes, randomUUID } from 'node:crypto';
import type { Database } from '../../../src/db/database.ts';
import { machines } from '../../../src/db/schema/machines.ts';

type NewMachine = Partial<typeof machines.$inferInsert> & { companyId: string };

/** Puts a machine into the database as an enrolment would have; returns its id. */
export async function addMachine(db: Database, at: number, machine: NewMachine): Promise<string> {
  const id = machine.id ?? randomUUID();
  await db.insert(machines).values({
    id,
    publicKey: randomBytes(65).toString('base64url'),
    hardwareId: randomUUID(),
    version: 1,
    name: '',
    department: '',
    deviceType: '',
    tags: [],
    notes: '',
    properties: {},
    hostname: 'host',
    osFamily: 'linux',
    osName: '',
    osBuild: '',
    manufacturer: '',
    model: '',
    serial: '',
    serviceTag: '',
    agentVersion: '1.2.0',
    loggedOnUser: '',
    internalIps: [],
    macs: [],
    externalIp: '',
    lastRequestMs: 0,
    online: false,
    firstSeenAt: at,
    ...machine,
  });
  return id;
}

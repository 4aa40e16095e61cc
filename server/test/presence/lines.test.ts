import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { DATABASE_KINDS, type TestDatabase } from '../support/test-databases.ts';
import { startMachineAgent } from './support/fake-machine-agent.ts';
import { type SeedCompany, seedMachines } from './support/seed-machines.ts';

describe.each(DATABASE_KINDS)('the line of an always-on agent on $name', ({ create }) => {
  let database: TestDatabase;
  let server: TestServer;
  let acme: SeedCompany;

  beforeAll(async () => {
    database = await create();
    [acme] = (await seedMachines(database, { Acme: 5 })) as [SeedCompany];
    server = await startTestServer({ database });
  });
  afterAll(async () => {
    await server.close();
    await database.remove();
  });

  it('is online once it has met the challenge', async () => {
    const [identity] = acme.machines;
    if (!identity) throw new Error('no machine');
    const agent = await startMachineAgent(server.localUrl, identity);
    expect(agent.all('hello')[0]).toMatchObject({ machineId: identity.machineId, protocol: 1 });
    agent.stop();
  });
});

import type { Role } from '@guruconnect/shared';
import { type FakeConsole, openConsole } from '../../sessions/support/fake-console.ts';
import type { ApiClient } from '../../support/api-client.ts';
import { newInstaller } from '../../support/new-installer.ts';
import { startTestServer, type TestServer } from '../../support/start-test-server.ts';
import { createPgliteData, type TestDatabase } from '../../support/test-databases.ts';
import { enrolMachine } from './fake-machine-agent.ts';
import type { MachineIdentity } from './machine-identity.ts';

export interface FleetCompany {
  readonly companyId: string;
  readonly token: string;
  enrol(hostname: string): Promise<MachineIdentity>;
}

export interface Technician {
  readonly client: ApiClient;
  readonly userId: string;
}

/** The whole server with its companies, technicians and machines, made over its API. */
export interface Fleet {
  readonly server: TestServer;
  readonly database: TestDatabase;
  readonly admin: ApiClient;
  hire(username: string, role: Role): Promise<Technician>;
  /** Reached by everybody unless technicians are assigned. */
  found(name: string, assigned?: readonly Technician[]): Promise<FleetCompany>;
  assign(company: FleetCompany, technicians: readonly Technician[]): Promise<void>;
  /** A page of the client. */
  page(client: ApiClient): Promise<FakeConsole>;
  close(): Promise<void>;
}

const PASSWORD = 'a password of some length';

export async function gatherFleet(): Promise<Fleet> {
  const database = await createPgliteData();
  const server = await startTestServer({ database });
  const admin = await server.setUp();
  const pages: FakeConsole[] = [];
  const assign: Fleet['assign'] = async ({ companyId }, technicians) => {
    const assignedUserIds = technicians.map(({ userId }) => userId);
    await admin.call('changeCompany', {
      params: { companyId },
      body: { access: 'assigned', assignedUserIds },
    });
  };
  return {
    server,
    database,
    admin,
    assign,
    hire: async (username, role) => {
      const body = { username, role, teamId: null, name: `Mx ${username}`, password: PASSWORD };
      const { userId } = await admin.call('createUser', { body });
      return { userId, client: await server.signIn(username, PASSWORD) };
    },
    found: async (name, assigned) => {
      const { companyId } = await admin.call('createCompany', { body: { name } });
      const { token } = await admin.call('createInstaller', { body: newInstaller(companyId, { name }) });
      const enrol = (hostname: string) => enrolMachine(server.browser(), token, { hostname });
      const company = { companyId, token, enrol };
      if (assigned) await assign(company, assigned);
      return company;
    },
    page: async (client) => {
      const page = await openConsole(client);
      pages.push(page);
      return page;
    },
    close: async () => {
      for (const page of pages) page.close();
      await server.close();
      await database.remove();
    },
  };
}

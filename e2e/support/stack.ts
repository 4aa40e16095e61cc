import type { ApiReply } from '@guruconnect/shared';
import {
  DATABASE_KINDS,
  type DatabaseKind,
  type TestDatabase,
} from '../../server/test/support/test-databases.ts';
import { ApiClient } from '../../tools/stack/api-client.ts';
import {
  type ServerOptions,
  type ServerProcess,
  startServerProcess,
} from '../../tools/stack/server-process.ts';

export interface StackOptions {
  /** What keeps the data; PGlite unless asked otherwise. */
  readonly database?: DatabaseKind['name'];
  /** Further configuration of the server, for example `TRUSTED_PROXIES`. */
  readonly env?: Readonly<Record<string, string>>;
  /** A server in a network namespace: the port that leads there, and what runs it inside. */
  readonly place?: Pick<ServerOptions, 'port' | 'wrap'>;
}

/** Somebody who can sign in. */
export interface TestUser {
  readonly userId: string;
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly role: Role;
}
type Role = 'technician' | 'senior' | 'admin';
type SessionInput = Parameters<typeof createSession>[1];

const ADMIN = { username: 'admin', password: 'correct horse battery 1', name: 'Ada Admin' };

/** A real server on a free port of 127.0.0.1 with data of its own, set up as an administrator would. */
export class Stack {
  /** Changes with {@link restart}. */
  server: ServerProcess;
  /** Signed in as the administrator. */
  readonly admin: ApiClient;
  readonly adminUser: { readonly username: string; readonly password: string; readonly name: string } = ADMIN;
  readonly #options: ServerOptions;
  readonly #database: TestDatabase;
  #users = 0;

  private constructor(options: ServerOptions, database: TestDatabase, server: ServerProcess) {
    this.#options = options;
    this.#database = database;
    this.server = server;
    this.admin = new ApiClient(server.url);
  }

  static async start(
    root: string,
    { database: wanted = 'PGlite', env = {}, place = {} }: StackOptions,
  ): Promise<Stack> {
    const database = await DATABASE_KINDS.find((kind) => kind.name === wanted)?.create();
    if (!database) throw new Error(`There is no database ${wanted}.`);
    const { dataDir, databaseUrl } = database;
    const url = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
    const options = { root, dataDir, env: { ...url, ...env }, ...place };
    const server = await startServerProcess(options).catch(async (error: unknown) => {
      await database.remove();
      throw error;
    });
    const stack = new Stack(options, database, server);
    try {
      if (!server.setupToken) throw new Error(`No set-up link was printed:\n${server.process.output}`);
      await stack.admin.setUp(server.setupToken, ADMIN);
      return stack;
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  /** Where the server is, without a slash at the end; stays the same over restarts. */
  get url(): string {
    return this.server.url;
  }

  /** A new technician of the role, with a password of their own. */
  async createUser(role: Role, teamId: string | null = null): Promise<TestUser> {
    this.#users += 1;
    const user = {
      username: `${role}${this.#users}`,
      name: `${role[0]?.toUpperCase()}${role.slice(1)} ${this.#users}`,
      password: `pass phrase of ${role} ${this.#users}`,
      role,
    };
    const { userId } = await this.admin.call('createUser', { body: { ...user, teamId } });
    return { ...user, userId };
  }

  /** An API client signed in as the user. */
  async signIn(user: { username: string; password: string }): Promise<ApiClient> {
    const client = new ApiClient(this.url);
    await client.signIn(user);
    return client;
  }

  /** A new session with its code, as the administrator or as another client. */
  createSession(input: SessionInput = {}, client = this.admin) {
    return createSession(client, input);
  }

  /** Ends the server as asked and starts it again on the same port and data. */
  async restart(how: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const { port } = this.server;
    this.server.process.signal(how);
    await this.server.process.stop();
    this.server = await startServerProcess({ ...this.#options, port });
  }

  async close(): Promise<void> {
    await this.server.process.stop();
    await this.#database.remove();
  }
}

async function createSession(
  client: ApiClient,
  input: {
    name?: string;
    consentRequired?: boolean;
    visibility?: 'private' | 'team' | 'company';
    expiresInMinutes?: number | null;
    assignTo?: string | null;
  },
): Promise<ApiReply<'createSession'> & { code: string }> {
  const session = await client.call('createSession', { body: input });
  if (session.code === null) throw new Error('The new session has no code.');
  return { ...session, code: session.code };
}

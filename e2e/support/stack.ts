import { join } from 'node:path';
import type { ApiReply } from '@guruconnect/shared';
import { ApiClient } from '../../tools/stack/api-client.ts';
import { type ServerProcess, startServerProcess } from '../../tools/stack/server-process.ts';

export interface StackOptions {
  /** Further configuration of the server, for example `DATABASE_URL` or `TRUSTED_PROXIES`. */
  readonly env?: Readonly<Record<string, string>>;
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
  readonly #root: string;
  readonly #folder: string;
  readonly #options: StackOptions;
  #users = 0;

  private constructor(root: string, folder: string, options: StackOptions, server: ServerProcess) {
    this.#root = root;
    this.#folder = folder;
    this.#options = options;
    this.server = server;
    this.admin = new ApiClient(server.url);
  }

  static async start(root: string, folder: string, options: StackOptions): Promise<Stack> {
    const server = await startServerProcess({
      root,
      dataDir: join(folder, 'data'),
      logFile: join(folder, 'server.log'),
      env: options.env ?? {},
    });
    const stack = new Stack(root, folder, options, server);
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
    this.server = await startServerProcess({
      root: this.#root,
      dataDir: join(this.#folder, 'data'),
      logFile: join(this.#folder, 'server.log'),
      env: this.#options.env ?? {},
      port,
    });
  }

  async close(): Promise<void> {
    await this.server.process.stop();
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

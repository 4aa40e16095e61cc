import type { ApiReply, Capability, Role, SessionView } from '@guruconnect/shared';
import type { ServerConfig } from '../../../src/config.ts';
import type { Clock } from '../../../src/core/clock.ts';
import type { SessionsFeatureDeps } from '../../../src/core/features.ts';
import { createTunedSessions, type SessionsTuning } from '../../../src/sessions/sessions-feature.ts';
import type { ApiClient } from '../../support/api-client.ts';
import { startTestServer, type TestServer } from '../../support/start-test-server.ts';
import { DATABASE_KINDS, type DatabaseKind, type TestDatabase } from '../../support/test-databases.ts';
import { BROWSER_KEY } from './browser-key.ts';
import { exchange, type FakeAgent, type FakeAgentOptions, startAgent } from './fake-agent.ts';
import { type FakeConsole, openConsole } from './fake-console.ts';
import { type FakeGuest, openGuestPanel } from './fake-guest.ts';

const PASSWORD = 'a password of some length';

export interface Person {
  readonly client: ApiClient;
  readonly userId: string;
  readonly username: string;
}

export interface StageOptions {
  readonly kind?: DatabaseKind | undefined;
  readonly database?: TestDatabase;
  readonly config?: Partial<ServerConfig>;
  readonly tuning?: SessionsTuning;
  readonly clock?: Clock;
  /** Puts something else in the place of other features, or keeps hold of them. */
  readonly adapt?: (deps: SessionsFeatureDeps) => SessionsFeatureDeps;
  readonly build?: typeof createTunedSessions;
}

/** A running server with an administrator, and ways to bring people, guests and agents onto it. */
export interface Stage {
  readonly server: TestServer;
  readonly url: string;
  readonly database: TestDatabase;
  readonly admin: Person;
  hire(username: string, role: Role, teamId?: string | null): Promise<Person>;
  signInAgain(person: Person): Promise<ApiClient>;
  /** A session with a connected guest panel and agent, opened by its owner. */
  attend(owner: Person, options?: AttendOptions): Promise<Attended>;
  /** The same, with the owner joined, consent given and one connected peer. */
  control(owner: Person, options?: AttendOptions): Promise<Controlled>;
  close(): Promise<void>;
  /** Closes the server but keeps the data, for a restart. */
  stop(): Promise<void>;
}

export interface AttendOptions {
  readonly agent?: FakeAgentOptions;
  readonly reconnect?: boolean;
  readonly session?: { readonly visibility?: SessionView['visibility']; readonly consentRequired?: boolean };
}

export interface Attended {
  readonly session: ApiReply<'createSession'>;
  readonly code: string;
  readonly guestToken: string;
  readonly sessionToken: string;
  readonly serverPublicKey: string;
  readonly console: FakeConsole;
  readonly guest: FakeGuest;
  readonly agent: FakeAgent;
}

export interface Controlled extends Attended {
  readonly participantId: string;
  readonly peerId: string;
}

export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const kind = options.kind ?? DATABASE_KINDS[0];
  if (!kind) throw new Error('there is no database to test on');
  const database = options.database ?? (await kind.create());
  const { build = createTunedSessions } = options;
  const server = await startTestServer({
    database,
    createSessions: (deps) => build(options.adapt?.(deps) ?? deps, options.tuning),
    ...(options.config ? { config: options.config } : {}),
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const adminClient = server.setupUrl()
    ? await server.setUp()
    : await server.signIn('ada', 'correct horse battery');
  const admin = { client: adminClient, userId: (await adminClient.call('me')).userId, username: 'ada' };
  const url = server.localUrl;
  const closers: (() => void)[] = [];
  const stage: Stage = {
    server,
    url,
    database,
    admin,
    hire: async (username, role, teamId = null) => {
      const body = { username, role, teamId, name: `Mx ${username}`, password: PASSWORD };
      const { userId } = await adminClient.call('createUser', { body });
      return { client: await server.signIn(username, PASSWORD), userId, username };
    },
    signInAgain: ({ username }) => server.signIn(username, PASSWORD),
    attend: async (owner, attendOptions = {}) => {
      const attended = await attend(stage, owner, attendOptions);
      closers.push(attended.console.close, attended.guest.close, attended.agent.close);
      return attended;
    },
    control: async (owner, attendOptions = {}) => {
      const attended = await stage.attend(owner, attendOptions);
      const participantId = await joinWithConsent(attended, 'control');
      return { ...attended, participantId, peerId: await connectPeer(attended) };
    },
    stop: async () => {
      for (const close of closers) close();
      await server.close();
    },
    close: async () => {
      await stage.stop();
      await database.remove();
    },
  };
  return stage;
}

async function attend(stage: Stage, owner: Person, options: AttendOptions): Promise<Attended> {
  const session = await owner.client.call('createSession', { body: { ...options.session } });
  const code = session.code;
  if (code === null) throw new Error('The owner sees no code.');
  const anybody = stage.server.browser();
  const redeemed = await anybody.call('redeemCode', { body: { code } });
  if (redeemed.status !== 'joined') throw new Error('The guest has to knock.');
  const reconnect = options.reconnect ?? false;
  const guest = await openGuestPanel(stage.url, { guestToken: redeemed.guestToken }, { reconnect });
  const { sessionToken, serverPublicKey } = await exchange(anybody, code);
  const agent = await startAgent(stage.url, sessionToken, { reconnect, ...options.agent });
  const console = await openConsole(owner.client, { reconnect });
  await console.ask('sessions:watch', {});
  return {
    session,
    code,
    guestToken: redeemed.guestToken,
    sessionToken,
    serverPublicKey,
    console,
    guest,
    agent,
  };
}

/** Joins from the console; the guest panel says yes. */
export async function joinWithConsent(
  { console, guest, session }: Pick<Attended, 'console' | 'guest' | 'session'>,
  wants: Capability,
  answer: Capability = wants,
): Promise<string> {
  const { participantId } = await console.ask('session:join', { sessionId: session.id, wants });
  await guest.inbox.next('guest:changed', (view) =>
    view.participants.some((one) => one.id === participantId && one.grant.status === 'asked'),
  );
  await guest.ask('consent:answer', { participantId, answer });
  return participantId;
}

/** Asks for a peer and answers the agent's offer, until the agent says it is connected. */
export async function connectPeer({
  console,
  session,
}: Pick<Attended, 'console' | 'session'>): Promise<string> {
  const { peerId } = await console.ask('peer:request', { sessionId: session.id, browserKey: BROWSER_KEY });
  await console.inbox.next('peer:offer', (offer) => offer.peerId === peerId);
  console.tell('peer:answer', { peerId, sdp: 'answer' });
  await console.inbox.next('session:changed', (view) => view.participants.some((one) => one.connected));
  return peerId;
}

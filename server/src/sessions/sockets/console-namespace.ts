import { consoleToServer, GuruError, type Handlers } from '@guruconnect/shared';
import type { Socket } from 'socket.io';
import type { Login } from '../../core/ports.ts';
import type { Connection, Handshake, NamespaceOptions } from '../../realtime/open-namespace.ts';
import { CONSOLE_NAMESPACE, rooms } from '../live/socket-messengers.ts';
import type { Caller } from '../peers/caller.ts';
import type { SessionParts } from '../session-parts.ts';
import { sessionViewFor } from '../views/session-views.ts';

const MESSAGE_LIMIT = { capacity: 300, refillPerSecond: 50 };

type Table = typeof consoleToServer;
type Specific = 'name' | 'table' | 'limit' | 'admit' | 'describe' | 'connected';

/** The namespace of technicians' browsers, signed in by the login cookie. */
export function consoleNamespace(parts: SessionParts): Pick<NamespaceOptions<Table, Login>, Specific> {
  return {
    name: CONSOLE_NAMESPACE,
    table: consoleToServer,
    limit: MESSAGE_LIMIT,
    admit: (handshake) => admit(parts, handshake),
    describe: (login) => ({ actor: `user:${login.userId}` }),
    connected: (socket, login, address) => connect(parts, socket, login, address),
  };
}

async function admit(parts: SessionParts, { cookie, origin }: Handshake): Promise<Login> {
  // Foreign origins were refused at the upgrade. Browsers always send one, and only they carry cookies.
  if (origin === undefined) throw new GuruError('bad-origin', 'Only pages of this server may connect here.');
  const login = await parts.logins.authenticate(cookie);
  if (!login) throw GuruError.unauthenticated();
  return login;
}

function connect(parts: SessionParts, socket: Socket, login: Login, address: string): Connection<Table> {
  void socket.join(rooms.login(login.loginId));
  parts.online.opened(login.userId);
  parts.machineAudience.enter(socket, login);
  const caller: Caller = {
    login,
    connectionId: socket.id,
    origin: socket.handshake.headers.origin ?? '',
    hasEnded: () => parts.endedLogins.has(login.loginId) || !socket.connected,
  };
  return {
    handlers: consoleHandlers(parts, socket, caller, address),
    disconnected: () => {
      parts.online.closed(login.userId);
      parts.audience.leave(socket.id);
      parts.machineAudience.leave(socket.id);
    },
  };
}

function consoleHandlers(
  parts: SessionParts,
  socket: Socket,
  caller: Caller,
  address: string,
): Handlers<Table> {
  const { access, participation, broker, relay, audience } = parts;
  const { login } = caller;
  const { actor } = login;
  return {
    'sessions:watch': async () => ({ sessions: await audience.enter(socket, login) }),
    'session:join': async ({ sessionId, wants, peerId }) => {
      const action = wants === 'control' ? 'session:control' : 'session:view';
      const before = await access.demand(actor, action, sessionId);
      if (peerId !== undefined) await broker.wake(caller, sessionId, peerId);
      const { row, participantId } = await participation.join(before, login, wants, address);
      const { machineId } = row;
      if (machineId) parts.background.run('noting an access', () => parts.connector.noteAccess(machineId));
      // Joining again changes nothing of the session, but its peer is to be shown now.
      if (peerId !== undefined) await broker.reconcile(row);
      const snapshot = await parts.snapshots.readOne(row, parts.clock.now());
      return { participantId, session: sessionViewFor(snapshot, actor, parts.presence) };
    },
    'session:leave': async ({ sessionId }) => {
      await access.demand(actor, 'session:see', sessionId);
      await participation.leave(sessionId, login, address);
      await broker.leave(sessionId, login.userId);
      return {};
    },
    'control:take': async ({ sessionId }) => {
      await access.demand(actor, 'session:control', sessionId);
      await participation.takeControl(sessionId, login, address);
      return {};
    },
    'control:release': async ({ sessionId }) => {
      await access.demand(actor, 'session:see', sessionId);
      await participation.releaseControl(sessionId, login, address);
      return {};
    },
    'peer:request': async ({ sessionId, ...wish }) => {
      const row = await access.demand(actor, 'session:view', sessionId);
      return broker.request(caller, row, wish);
    },
    'session:pause': async ({ sessionId }) => {
      await access.demand(actor, 'session:see', sessionId);
      await participation.pause(sessionId, login, address);
      return {};
    },
    'session:resume': async ({ sessionId }) => {
      await access.demand(actor, 'session:view', sessionId);
      await participation.resume(sessionId, login, address);
      return {};
    },
    'machines:watch': async (wish) => ({
      machines: await parts.machineAudience.watch(socket, login, wish),
    }),
    'peer:answer': (answer) => relay.answerFromConsole(caller, answer),
    'peer:candidate': (candidate) => relay.candidateFromConsole(caller, candidate),
    'peer:close': ({ peerId }) => broker.closeByConsole(caller, peerId),
    'quality:report': (report) => parts.quality.take(caller, report),
  };
}

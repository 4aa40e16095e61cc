import { GuestAuth, GuruError, guestToServer, type Handlers, serverToGuest, tell } from '@guruconnect/shared';
import type { Socket } from 'socket.io';
import * as z from 'zod/mini';
import { sourceOf } from '../../core/source-of.ts';
import type { Connection, Handshake, NamespaceOptions } from '../../realtime/open-namespace.ts';
import { GUEST_NAMESPACE, rooms } from '../live/socket-messengers.ts';
import type { SessionParts } from '../session-parts.ts';
import { guestViewOf } from '../views/session-views.ts';

const MESSAGE_LIMIT = { capacity: 60, refillPerSecond: 5 };
/** Waiting costs nothing, so that it is limited: tabs of one source, and of all. */
const MAX_WAITING_PER_SOURCE = 8;
const MAX_WAITING = 5_000;

type GuestContext =
  | { readonly kind: 'guest'; readonly sessionId: string }
  | { readonly kind: 'knocker'; readonly knockToken: string; readonly release: () => void };

type Table = typeof guestToServer;
type Specific = 'name' | 'table' | 'limit' | 'admit' | 'describe' | 'connected';

/** The namespace of end users' panels, and of those who knock while codes are under attack. */
export function guestNamespace(parts: SessionParts): Pick<NamespaceOptions<Table, GuestContext>, Specific> {
  const waiting = new WaitingRoom();
  return {
    name: GUEST_NAMESPACE,
    table: guestToServer,
    limit: MESSAGE_LIMIT,
    admit: (handshake) => admit(parts, waiting, handshake),
    describe: (context) => ({
      actor: 'guest',
      sessionId: context.kind === 'guest' ? context.sessionId : undefined,
    }),
    connected: (socket, context, address) =>
      context.kind === 'guest'
        ? connectPanel(parts, socket, context.sessionId, address)
        : connectKnocker(parts, socket, context),
  };
}

async function admit(
  parts: SessionParts,
  waiting: WaitingRoom,
  { auth, address }: Handshake,
): Promise<GuestContext> {
  const claimed = z.safeParse(GuestAuth, auth);
  if (!claimed.success) throw GuruError.invalid('The credentials are malformed.', claimed.error);
  if ('knockToken' in claimed.data) {
    return {
      kind: 'knocker',
      knockToken: claimed.data.knockToken,
      release: waiting.enter(sourceOf(address)),
    };
  }
  const holder = await parts.tokens.find(claimed.data.guestToken);
  if (holder?.kind !== 'guest') throw GuruError.unauthenticated();
  return { kind: 'guest', sessionId: holder.sessionId };
}

function connectPanel(
  parts: SessionParts,
  socket: Socket,
  sessionId: string,
  address: string,
): Connection<Table> {
  const { presence, fanout } = parts;
  void socket.join(rooms.panels(sessionId));
  presence.guestPanelOpened(sessionId, socket.id);
  fanout.sessionChanged(sessionId);
  return {
    handlers: panelHandlers(parts, sessionId, address),
    disconnected: () => {
      presence.guestPanelClosed(sessionId, socket.id);
      if (!parts.isClosing()) fanout.sessionChanged(sessionId);
    },
  };
}

function panelHandlers(parts: SessionParts, sessionId: string, address: string): Handlers<Table> {
  const { changes, ender, clock } = parts;
  return {
    'guest:watch': async () => {
      const row = await parts.sessions.find(sessionId);
      if (!row) throw GuruError.notFound('That session');
      const snapshot = await parts.snapshots.readOne(row, clock.now());
      return guestViewOf(snapshot, parts.settings.current().companyName, parts.presence);
    },
    'consent:answer': async ({ participantId, answer }) => {
      await changes.applyEvent(
        sessionId,
        { type: 'consent-answered', participantId, answer, at: clock.now() },
        {
          actor: 'guest',
          action: 'consent.answered',
          address,
          details: { participantId, answer, at: 'panel' },
        },
      );
      return {};
    },
    'consent:withdraw': async ({ participantId }) => {
      await changes.applyEvent(
        sessionId,
        { type: 'consent-withdrawn', participantId, at: clock.now() },
        { actor: 'guest', action: 'consent.withdrawn', address, details: { participantId } },
      );
      return {};
    },
    'guest:stop': async () => {
      await ender.end(sessionId, { reason: 'guest-stopped', actor: 'guest', address });
      return {};
    },
  };
}

/** Keeps somebody waiting until a technician answers or time is over; wrong codes wait alike. */
function connectKnocker(
  parts: SessionParts,
  socket: Socket,
  { knockToken, release }: Extract<GuestContext, { kind: 'knocker' }>,
): Connection<Table> {
  const { desk, clock } = parts;
  let giveUp = () => undefined as unknown;
  void socket.join(rooms.knocker(desk.roomKey(knockToken)));
  const refuse = () => tell(socket, serverToGuest, 'knock:refused', {});
  parts.background.run('answering a knock', async () => {
    const answer = await desk.guestAnswer(knockToken);
    if (answer.status === 'refused') return refuse();
    if (answer.status === 'waiting') {
      giveUp = clock.after(answer.until - clock.now(), refuse);
      return;
    }
    const guestToken = await desk.guestTokenFor(knockToken);
    if (guestToken) tell(socket, serverToGuest, 'knock:admitted', { guestToken });
  });
  const notIn = () => {
    throw GuruError.notAllowed('do that before you were let in');
  };
  return {
    handlers: {
      'guest:watch': notIn,
      'consent:answer': notIn,
      'consent:withdraw': notIn,
      'guest:stop': notIn,
    },
    disconnected: () => {
      giveUp();
      release();
    },
  };
}

/** Counts those who wait. */
class WaitingRoom {
  readonly #bySource = new Map<string, number>();
  #total = 0;

  /** Throws `too-many-requests` when it is full; the returned function leaves again. */
  enter(source: string): () => void {
    const own = this.#bySource.get(source) ?? 0;
    if (own >= MAX_WAITING_PER_SOURCE || this.#total >= MAX_WAITING) throw GuruError.tooManyRequests(30);
    this.#bySource.set(source, own + 1);
    this.#total += 1;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#total -= 1;
      const left = (this.#bySource.get(source) ?? 1) - 1;
      if (left > 0) this.#bySource.set(source, left);
      else this.#bySource.delete(source);
    };
  }
}

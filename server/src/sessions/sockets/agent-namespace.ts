import { AgentAuth, agentToServer, type EndReason, GuruError, type Handlers } from '@guruconnect/shared';
import type { Socket } from 'socket.io';
import * as z from 'zod/mini';
import { TokenBucket } from '../../core/token-bucket.ts';
import type { Connection, Handshake, NamespaceOptions } from '../../realtime/open-namespace.ts';
import { AGENT_NAMESPACE, rooms } from '../live/socket-messengers.ts';
import { isDefaultAnswer } from '../machines/default-answer.ts';
import type { SessionParts } from '../session-parts.ts';
import { agentViewOf } from '../views/session-views.ts';

/** Beats, and candidates in bursts. */
const MESSAGE_LIMIT = { capacity: 400, refillPerSecond: 100 };
/** What an agent may put into the audit log; the rest is dropped. */
const REPORT_LIMIT = { capacity: 30, refillPerSecond: 1 };
const MINUTE_MS = 60_000;

interface AgentContext {
  readonly sessionId: string;
  readonly agentId: string;
}

type Table = typeof agentToServer;
type Specific = 'name' | 'table' | 'limit' | 'admit' | 'describe' | 'connected';

/** Reasons that an agent may give for an end of its own; others are its plain stop. */
const OWN_REASONS: ReadonlySet<EndReason> = new Set([
  'agent-stopped',
  'guest-stopped',
  'idle-timeout',
  'maximum-duration',
]);

/** The namespace of session hosts. They come with a session token; there is no way in by code. */
export function agentNamespace(parts: SessionParts): Pick<NamespaceOptions<Table, AgentContext>, Specific> {
  return {
    name: AGENT_NAMESPACE,
    table: agentToServer,
    limit: MESSAGE_LIMIT,
    admit: (handshake) => admit(parts, handshake),
    describe: ({ agentId, sessionId }) => ({ actor: `agent:${agentId}`, sessionId }),
    connected: (socket, context, address) => connect(parts, socket, context, address),
  };
}

const AnyProtocol = z.object({ protocol: z.number() });

async function admit(parts: SessionParts, { auth }: Handshake): Promise<AgentContext> {
  const claimed = z.safeParse(AgentAuth, auth);
  if (!claimed.success) {
    const other = z.safeParse(AnyProtocol, auth);
    if (other.success && other.data.protocol !== 1) {
      throw new GuruError(
        'unsupported-version',
        'This server does not speak that version. Update the agent.',
      );
    }
    throw GuruError.invalid('The credentials are malformed.', claimed.error);
  }
  const holder = await parts.tokens.find(claimed.data.sessionToken);
  if (holder?.kind !== 'agent') throw GuruError.unauthenticated();
  return { sessionId: holder.sessionId, agentId: holder.agentId };
}

function connect(
  parts: SessionParts,
  socket: Socket,
  context: AgentContext,
  address: string,
): Connection<Table> {
  const { presence, fanout, links } = parts;
  const { sessionId, agentId } = context;
  void socket.join(rooms.agent(agentId));
  links.add(socket.id, { sessionId, agentId, drop: () => socket.disconnect(true) });
  return {
    handlers: agentHandlers(parts, socket, context, address),
    heard: () => links.heard(socket.id),
    disconnected: () => {
      links.remove(socket.id);
      const wasCurrent = presence.agentDisconnected(sessionId, socket.id);
      if (!wasCurrent || parts.isClosing()) return;
      fanout.sessionChanged(sessionId);
      parts.background.run('noting a lost agent', () => parts.lostAgents.lose(sessionId, agentId));
    },
  };
}

function agentHandlers(
  parts: SessionParts,
  socket: Socket,
  { sessionId, agentId }: AgentContext,
  address: string,
): Handlers<Table> {
  const { clock, presence, changes, broker, relay, links, ender, record, settings } = parts;
  const actor = `agent:${agentId}`;
  const reports = new TokenBucket(REPORT_LIMIT, clock.now());
  return {
    'agent:hello': async ({ machine, peers }) => {
      const row = await changes.applyEvent(
        sessionId,
        { type: 'agent-attached', agentId, at: clock.now() },
        { actor, action: 'agent.connected', address, details: { hostname: machine.hostname } },
        { set: { machine, endpointAddress: address } },
      );
      const grants = await broker.takeUp(sessionId, peers);
      // Gone while it was greeted: its disconnect found nobody to note as lost.
      if (!socket.connected) {
        parts.background.run('noting a lost agent', () => parts.lostAgents.lose(sessionId, agentId));
        throw new GuruError('unavailable', 'The connection was lost.');
      }
      presence.agentConnected(sessionId, agentId, socket.id);
      parts.fanout.sessionChanged(sessionId);
      const { companyName, sessionIdleMinutes, sessionMaximumMinutes } = settings.current();
      const { lifecycle } = row.state;
      const openedAt = lifecycle.phase === 'open' ? lifecycle.openedAt : clock.now();
      return {
        session: agentViewOf({ row }, companyName, presence),
        grants,
        limits: {
          idleMs: sessionIdleMinutes === null ? null : sessionIdleMinutes * MINUTE_MS,
          endsAt: sessionMaximumMinutes === null ? null : openedAt + sessionMaximumMinutes * MINUTE_MS,
        },
      };
    },
    'agent:beat': ({ idleMs }) => {
      links.beat(sessionId, idleMs);
      return {};
    },
    // Viewers learn of displays from the agent itself; the message keeps the link busy, nothing is stored.
    'agent:displays': () => undefined,
    'peer:offer': (offer) => relay.offerFromAgent(sessionId, offer),
    'peer:candidate': (candidate) => relay.candidateFromAgent(sessionId, candidate),
    'peer:state': ({ peerId, state }) => broker.stateFromAgent(sessionId, peerId, state),
    'peer:renew': ({ peerId }) => relay.renewFromAgent(sessionId, peerId),
    'consent:answer': async ({ participantId, answer, byTimeout = false }) => {
      await changes.applyEvent(
        sessionId,
        { type: 'consent-answered', participantId, answer, at: clock.now() },
        {
          actor,
          action: 'consent.answered',
          address,
          details: { participantId, answer, at: 'machine', ...(byTimeout ? { byTimeout } : {}) },
        },
        {
          guard: (row) => {
            if (byTimeout && !isDefaultAnswer(row, participantId, answer)) {
              throw GuruError.notAllowed('answer so without having asked');
            }
          },
        },
      );
      return {};
    },
    'agent:stopped': async ({ reason }) => {
      const own = OWN_REASONS.has(reason) ? reason : 'agent-stopped';
      await ender.end(sessionId, { reason: own, actor, address, byAgent: true });
      return {};
    },
    'audit:report': async ({ what, participantId, detail }) => {
      if (!reports.take(clock.now())) return;
      await record({
        actor,
        action: `agent.${what}`,
        sessionId,
        address,
        details: { participantId, detail },
      });
    },
  };
}

import {
  AGENT_BEAT_MS,
  type ApiReply,
  agentToServer,
  ask,
  type EventName,
  GrantClaims,
  type Handlers,
  handle,
  type MachineInfo,
  type Payload,
  type Reply,
  type RequestName,
  type SignedGrant,
  serverToAgent,
  tell,
} from '@guruconnect/shared';
import type { Socket } from 'socket.io-client';
import * as z from 'zod/mini';
import type { ApiClient } from '../../support/api-client.ts';
import { connectSocket, makeSocket } from './connect-socket.ts';
import { createInbox, type Inbox } from './inbox.ts';

type Table = typeof agentToServer;
export type JoinedAgent = Extract<ApiReply<'exchangeCode'>, { status: 'joined' }>;

export const MACHINE: MachineInfo = {
  hostname: 'PC-FRONT-DESK',
  user: 'erika',
  os: 'linux',
  osName: 'Debian 12',
  agentVersion: '0.1.0',
  elevated: false,
};

/** A session host without a desktop: it says what a real one would and keeps what it is told. */
export interface FakeAgent {
  readonly socket: Socket;
  readonly inbox: Inbox<typeof serverToAgent>;
  /** Peers it offers to, with their newest grant's claims. */
  readonly peers: Map<string, GrantClaims>;
  ask<N extends RequestName<Table>>(name: N, payload: Payload<Table, N>): Promise<Reply<Table, N>>;
  tell<N extends EventName<Table>>(name: N, payload: Payload<Table, N>): void;
  hello(): Promise<Reply<Table, 'agent:hello'>>;
  /** Stops beating but stays connected: the network swallows everything. */
  fallSilent(): void;
  /** Milliseconds it reports as time without input. */
  idleMs: number;
  close(): void;
}

export interface FakeAgentOptions {
  readonly machine?: MachineInfo;
  readonly reconnect?: boolean;
  /** What it answers to `session:end`; undefined: never. */
  readonly captureStoppedAfterMs?: number | undefined;
  readonly answersEnd?: boolean;
}

/** Takes the slot by code; throws what the server refuses with. */
export async function exchange(client: ApiClient, code: string, machine = MACHINE): Promise<JoinedAgent> {
  const reply = await client.call('exchangeCode', { body: { code, machine } });
  if (reply.status !== 'joined') throw new Error('The agent has to wait.');
  return reply;
}

/** Connects with a session token, says hello and beats. */
export async function startAgent(
  url: string,
  sessionToken: string,
  options: FakeAgentOptions = {},
): Promise<FakeAgent> {
  const auth = { protocol: 1, sessionToken };
  const socket = makeSocket(url, '/agent', { auth, reconnect: options.reconnect ?? false });
  const inbox = createInbox(socket, serverToAgent);
  const peers = new Map<string, GrantClaims>();
  const agent: FakeAgent = {
    socket,
    inbox,
    peers,
    idleMs: 0,
    ask: (name, payload) => ask(socket, agentToServer, name, payload),
    tell: (name, payload) => tell(socket, agentToServer, name, payload),
    hello: async () => {
      const held = [...peers.keys()];
      const reply = await agent.ask('agent:hello', {
        machine: options.machine ?? MACHINE,
        displays: [],
        peers: held,
      });
      const granted = new Map(reply.grants.map((one) => [one.peerId, one.grant]));
      for (const peerId of held) {
        const grant = granted.get(peerId);
        if (grant) peers.set(peerId, claimsOf(grant));
        else peers.delete(peerId);
      }
      return reply;
    },
    fallSilent: () => clearInterval(beats),
    close: () => {
      clearInterval(beats);
      socket.disconnect();
    },
  };
  handle(socket, serverToAgent, agentAnswers(agent, options), () => undefined);
  const beats = setInterval(() => {
    if (socket.connected) agent.ask('agent:beat', { idleMs: agent.idleMs }).catch(() => undefined);
  }, AGENT_BEAT_MS);
  await connectSocket(socket);
  await agent.hello();
  socket.on('connect', () => void agent.hello().catch(() => undefined));
  return agent;
}

function agentAnswers(agent: FakeAgent, options: FakeAgentOptions): Handlers<typeof serverToAgent> {
  return {
    'session:changed': () => undefined,
    'peer:open': ({ peerId, grant }) => {
      agent.peers.set(peerId, claimsOf(grant));
      agent.tell('peer:offer', { peerId, sdp: `offer of ${peerId}` });
    },
    'peer:answer': ({ peerId }) => agent.tell('peer:state', { peerId, state: 'connected' }),
    'peer:candidate': () => undefined,
    'peer:grant': ({ peerId, grant }) => void agent.peers.set(peerId, claimsOf(grant)),
    'peer:cut': ({ peerId }) => void agent.peers.delete(peerId),
    'session:end': () => {
      agent.peers.clear();
      if (options.answersEnd === false) return new Promise<never>(() => undefined);
      return { captureStoppedAfterMs: options.captureStoppedAfterMs ?? 7 };
    },
  };
}

export function claimsOf(grant: SignedGrant): GrantClaims {
  return z.parse(GrantClaims, JSON.parse(Buffer.from(grant.payload, 'base64url').toString('utf8')));
}

import {
  type EndReason,
  type EventName,
  type Payload,
  type serverToAgent,
  type serverToConsole,
  type serverToGuest,
  serverToAgent as toAgent,
} from '@guruconnect/shared';
import type { Server as SocketServer } from 'socket.io';
import * as z from 'zod/mini';
import type { AgentMessenger, ConsoleMessenger, GuestMessenger } from './messengers.ts';

export const AGENT_NAMESPACE = '/agent';
export const CONSOLE_NAMESPACE = '/console';
export const GUEST_NAMESPACE = '/guest';

/** Names of rooms; through an adapter of Socket.IO they reach the sockets of every node. */
export const rooms = {
  agent: (agentId: string) => `agent:${agentId}`,
  login: (loginId: string) => `login:${loginId}`,
  panels: (sessionId: string) => `guest:${sessionId}`,
  knocker: (tokenHash: string) => `knock:${tokenHash}`,
};

const EndReply = z.object({ ok: z.literal(true), value: toAgent['session:end'].reply });

/** The messengers over Socket.IO; nobody is reached before {@link SocketMessengers.attach}. */
export class SocketMessengers implements AgentMessenger, ConsoleMessenger, GuestMessenger {
  #io: SocketServer | undefined;

  attach(io: SocketServer): void {
    this.#io = io;
  }

  tell<N extends EventName<typeof serverToAgent>>(
    agentId: string,
    name: N,
    payload: Payload<typeof serverToAgent, N>,
  ): void {
    this.#io?.of(AGENT_NAMESPACE).to(rooms.agent(agentId)).emit(name, payload);
  }

  async end(agentId: string, reason: EndReason, timeoutMs: number): Promise<number | undefined> {
    if (!this.#io) return undefined;
    const room = this.#io.of(AGENT_NAMESPACE).to(rooms.agent(agentId)).timeout(timeoutMs);
    const replies: unknown[] = await new Promise((resolve) => {
      // With nobody in the room it answers at once; with an error it carries what came in time.
      room.emit('session:end', { reason }, (_error: unknown, answers: unknown[]) => resolve(answers ?? []));
    });
    const reply = z.safeParse(EndReply, replies[0]);
    return reply.success ? reply.data.value.captureStoppedAfterMs : undefined;
  }

  disconnect(agentId: string): void {
    this.#io?.of(AGENT_NAMESPACE).in(rooms.agent(agentId)).disconnectSockets(true);
  }

  tellConnection<N extends EventName<typeof serverToConsole>>(
    connectionId: string,
    name: N,
    payload: Payload<typeof serverToConsole, N>,
  ): void {
    this.#io?.of(CONSOLE_NAMESPACE).to(connectionId).emit(name, payload);
  }

  tellLogin<N extends EventName<typeof serverToConsole>>(
    loginId: string,
    name: N,
    payload: Payload<typeof serverToConsole, N>,
  ): void {
    this.#io?.of(CONSOLE_NAMESPACE).to(rooms.login(loginId)).emit(name, payload);
  }

  disconnectLogin(loginId: string): void {
    this.#io?.of(CONSOLE_NAMESPACE).in(rooms.login(loginId)).disconnectSockets(true);
  }

  tellPanels<N extends EventName<typeof serverToGuest>>(
    sessionId: string,
    name: N,
    payload: Payload<typeof serverToGuest, N>,
  ): void {
    this.#io?.of(GUEST_NAMESPACE).to(rooms.panels(sessionId)).emit(name, payload);
  }

  tellKnocker<N extends EventName<typeof serverToGuest>>(
    tokenHash: string,
    name: N,
    payload: Payload<typeof serverToGuest, N>,
  ): void {
    this.#io?.of(GUEST_NAMESPACE).to(rooms.knocker(tokenHash)).emit(name, payload);
  }
}

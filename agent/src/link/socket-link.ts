import {
  AGENT_BEAT_MS,
  type AgentAuth,
  agentToServer,
  ask,
  type EventName,
  GuruError,
  handle,
  type Payload,
  type Reply,
  type RequestName,
  serverToAgent,
  tell,
} from '@guruconnect/shared';
import { io, type Socket } from 'socket.io-client';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { proxyProblemOf } from '../proxy/proxy-error.ts';
import { socketOptions, type WayOut } from '../proxy/way-out.ts';
import { reconnectDelayMs } from './back-off.ts';
import { refusalOf } from './connect-refusal.ts';
import type { LinkOwner, OpenLink, ServerLink } from './server-link.ts';

type Out = typeof agentToServer;

export interface SocketLinkDeps extends WayOut {
  /** `https://host[:port]`. */
  readonly origin: string;
  readonly sessionToken: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** The library notices a dead path after its own ping time-out of many seconds: our beat does within three. */
const BEAT_TIMEOUT_MS = 3_000;
const CONNECT_TIMEOUT_MS = 8_000;
const HELLO_TIMEOUT_MS = 8_000;

export function createSocketLinks(deps: SocketLinkDeps): OpenLink {
  return (owner) => new SocketLink(deps, owner);
}

/** A Socket.IO line to `/agent` that is made anew whenever it breaks. */
class SocketLink implements ServerLink {
  readonly #deps: SocketLinkDeps;
  readonly #owner: LinkOwner;
  #socket: Socket | undefined;
  #up = false;
  #closed = false;
  #failures = 0;
  #cancelRetry: (() => void) | undefined;
  #cancelBeat: (() => void) | undefined;

  constructor(deps: SocketLinkDeps, owner: LinkOwner) {
    this.#deps = deps;
    this.#owner = owner;
    this.#connect();
  }

  get isUp(): boolean {
    return this.#up;
  }

  tell<N extends EventName<Out>>(name: N, payload: Payload<Out, N>): void {
    if (this.#up && this.#socket) tell(this.#socket, agentToServer, name, payload);
  }

  ask<N extends RequestName<Out>>(
    name: N,
    payload: Payload<Out, N>,
    timeoutMs?: number,
  ): Promise<Reply<Out, N>> {
    if (!this.#up || !this.#socket) {
      return Promise.reject(new GuruError('unavailable', 'The server cannot be reached at the moment.'));
    }
    return ask(this.#socket, agentToServer, name, payload, timeoutMs);
  }

  reconnect(): void {
    if (this.#closed) return;
    const wasUp = this.#up;
    this.#cancelRetry?.();
    this.#letGo();
    this.#failures = 0;
    if (wasUp) this.#owner.onDown();
    this.#connect();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelRetry?.();
    this.#letGo();
  }

  #connect(): void {
    const auth: AgentAuth = { protocol: 1, sessionToken: this.#deps.sessionToken };
    const socket = io(`${this.#deps.origin}/agent`, {
      auth,
      transports: ['websocket'],
      // Its own reconnection keeps one back-off for all and cannot be told to forget a half-dead socket.
      reconnection: false,
      forceNew: true,
      timeout: CONNECT_TIMEOUT_MS,
      ...socketOptions(this.#deps.origin, this.#deps),
    });
    this.#socket = socket;
    handle(socket, serverToAgent, this.#owner.handlers, (name, error) => {
      this.#deps.log.warn({ name, error }, 'a message of the server failed');
    });
    socket.on('connect', () => void this.#greet(socket));
    socket.on('connect_error', (error) => this.#connectFailed(socket, error));
    socket.on('disconnect', (reason) => this.#lost(socket, reason));
  }

  async #greet(socket: Socket): Promise<void> {
    try {
      const welcome = await ask(socket, agentToServer, 'agent:hello', this.#owner.hello(), HELLO_TIMEOUT_MS);
      if (socket !== this.#socket || this.#closed) return;
      this.#up = true;
      this.#failures = 0;
      this.#deps.log.info({}, 'connected to the server');
      this.#owner.onUp(welcome);
      this.#cancelBeat = this.#deps.clock.every(AGENT_BEAT_MS, () => void this.#beat(socket));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== undefined) return this.#refused(socket, refusal);
      this.#deps.log.warn({ error }, 'the server did not answer the greeting');
      this.#lost(socket, 'no greeting');
    }
  }

  async #beat(socket: Socket): Promise<void> {
    try {
      await ask(socket, agentToServer, 'agent:beat', { idleMs: this.#owner.idleMs() }, BEAT_TIMEOUT_MS);
    } catch (error) {
      // An answer, even a refusal, shows that the path lives.
      if (error instanceof GuruError && error.code !== 'unavailable') {
        this.#deps.log.warn({ error }, 'the server refused a beat');
        return;
      }
      this.#lost(socket, 'no answer to a beat');
    }
  }

  #connectFailed(socket: Socket, error: Error): void {
    if (socket !== this.#socket || this.#closed) return;
    const refusal = refusalOf(error);
    if (refusal !== undefined) {
      this.#refused(socket, refusal);
      return;
    }
    const problem = proxyProblemOf(error);
    if (problem === undefined) this.#deps.log.debug({ error }, 'the server cannot be reached');
    else this.#deps.log.warn({ problem }, 'the proxy does not lead to the server');
    this.#lost(socket, error.message);
  }

  #refused(socket: Socket, reason: string): void {
    if (socket !== this.#socket || this.#closed) return;
    this.close();
    this.#owner.onRefused(reason);
  }

  #lost(socket: Socket, reason: string): void {
    if (socket !== this.#socket || this.#closed) return;
    const wasUp = this.#up;
    this.#letGo();
    this.#failures += 1;
    const delayMs = reconnectDelayMs(this.#failures, this.#deps.random);
    this.#cancelRetry = this.#deps.clock.after(delayMs, () => this.#connect());
    if (!wasUp) return;
    this.#deps.log.info({ reason }, 'lost the server');
    this.#owner.onDown();
  }

  #letGo(): void {
    this.#up = false;
    this.#cancelBeat?.();
    this.#cancelBeat = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.disconnect();
    socket?.removeAllListeners();
  }
}

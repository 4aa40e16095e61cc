import {
  PRESENCE_NAMESPACE,
  PRESENCE_PATH,
  PRESENCE_PROTOCOL,
  PresenceMessage,
  presenceChallengeText,
  WireError,
} from '@guruconnect/shared';
import { io, type Socket } from 'socket.io-client';
import * as z from 'zod/mini';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { proxyProblemOf } from '../proxy/proxy-error.ts';
import { socketOptions, type WayOut } from '../proxy/way-out.ts';
import type { IdentityKey } from '../secure/identity-key.ts';
import { presenceDelayMs } from './presence-back-off.ts';

export interface PresenceLineDeps extends WayOut {
  readonly origin: string;
  readonly machineId: string;
  readonly key: IdentityKey;
  readonly version: string;
  readonly clock: Pick<Clock, 'after'>;
  readonly random: () => number;
  readonly log: Log;
}

type Told<T extends PresenceMessage['type']> = Extract<PresenceMessage, { type: T }>;

/** What the server asks of an always-on agent. */
export interface PresenceListener {
  /** The server knows who this is and counts it as online. */
  onUp(): void;
  /** `problem` says why, where people can do something about it; null for a line that broke. */
  onDown(problem: string | null): void;
  onStartSession(message: Told<'start-session'>): void;
  onStop(message: Told<'stop'>): void;
  onCheckIn(message: Told<'check-in'>): void;
  onUpdate(message: Told<'update'>): void;
}

/** The server pings every 15 s: a line on which the greeting takes longer than this is none. */
const GREETING_MS = 20_000;
const CONNECT_TIMEOUT_MS = 8_000;
/** Lets the goodbye leave before the process does. */
const FAREWELL_MS = 100;

/** An always-on agent's line to `/presence`: made anew whenever it breaks, until `close`. */
export class PresenceLine {
  readonly #deps: PresenceLineDeps;
  readonly #listener: PresenceListener;
  #socket: Socket | undefined;
  #isUp = false;
  #closed = false;
  #failures = 0;
  #problem: string | null = null;
  #cancelRetry: (() => void) | undefined;
  #cancelGreeting: (() => void) | undefined;
  #farewell: Promise<void> | undefined;

  constructor(deps: PresenceLineDeps, listener: PresenceListener) {
    this.#deps = deps;
    this.#listener = listener;
    this.#connect();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** The network changed: what was waited for may work now, and what was up may be dead. */
  reconnect(): void {
    if (this.#closed) return;
    this.#letGo();
    this.#failures = 0;
    this.#down(null);
    this.#connect();
  }

  /** Says goodbye, so that the server need not find out by itself; resolves when that is on its way. */
  close(): Promise<void> {
    this.#farewell ??= this.#sayGoodbye();
    return this.#farewell;
  }

  async #sayGoodbye(): Promise<void> {
    this.#closed = true;
    const wasConnected = this.#socket?.connected ?? false;
    this.#letGo();
    if (!wasConnected) return;
    await new Promise<void>((resolve) => {
      this.#deps.clock.after(FAREWELL_MS, resolve);
    });
  }

  #connect(): void {
    const { origin } = this.#deps;
    const socket = io(origin + PRESENCE_NAMESPACE, {
      path: PRESENCE_PATH,
      transports: ['websocket'],
      // Its own reconnection keeps one back-off for all and knows nothing of what the server says.
      reconnection: false,
      forceNew: true,
      timeout: CONNECT_TIMEOUT_MS,
      ...socketOptions(origin, this.#deps),
    });
    this.#socket = socket;
    socket.on('connect', () => this.#greet(socket));
    socket.on('connect_error', (error) => this.#notConnected(socket, error));
    socket.on('disconnect', (reason) => this.#lost(socket, undefined, reason, null));
    socket.onAny((type: unknown, body: unknown) => this.#take(socket, type, body));
  }

  #greet(socket: Socket): void {
    if (socket !== this.#socket) return;
    const { machineId, version, clock } = this.#deps;
    socket.emit('hello', { protocol: PRESENCE_PROTOCOL, machineId, version });
    this.#cancelGreeting = clock.after(GREETING_MS, () => this.#lost(socket, undefined, 'no greeting', null));
  }

  #take(socket: Socket, type: unknown, body: unknown): void {
    if (socket !== this.#socket) return;
    const fields = typeof body === 'object' ? body : undefined;
    const parsed = z.safeParse(PresenceMessage, { ...fields, type });
    if (!parsed.success) {
      this.#deps.log.warn(
        { type: String(type).slice(0, 40) },
        'the server sent a message that makes no sense',
      );
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case 'hello':
        this.#accepted();
        break;
      case 'challenge': {
        const { machineId, key } = this.#deps;
        const { nonce } = message;
        const signature = key.sign(Buffer.from(presenceChallengeText({ machineId, nonce })));
        socket.emit('challenge', { nonce, signature });
        break;
      }
      case 'start-session':
        this.#listener.onStartSession(message);
        break;
      case 'stop':
        this.#listener.onStop(message);
        break;
      case 'update':
        this.#listener.onUpdate(message);
        break;
      case 'check-in':
        this.#listener.onCheckIn(message);
        break;
    }
  }

  #accepted(): void {
    this.#cancelGreeting?.();
    if (this.#isUp) return;
    this.#isUp = true;
    this.#failures = 0;
    this.#problem = null;
    this.#deps.log.info({}, 'online');
    this.#listener.onUp();
  }

  #notConnected(socket: Socket, error: Error): void {
    const refusal = refusalOf(error);
    const problem = refusal ? problemOf(refusal) : (proxyProblemOf(error) ?? null);
    this.#lost(socket, refusal, error.message, problem);
  }

  #lost(socket: Socket, refusal: WireError | undefined, why: string, problem: string | null): void {
    if (socket !== this.#socket || this.#closed) return;
    this.#letGo();
    this.#failures += 1;
    const delayMs = presenceDelayMs(this.#failures, refusal, this.#deps.random);
    this.#deps.log.debug({ why, delayMs: Math.round(delayMs) }, 'the line is down');
    this.#down(problem, refusal ? 'server' : 'proxy');
    this.#cancelRetry = this.#deps.clock.after(delayMs, () => this.#connect());
  }

  /** Tells of a change alone, not of every further try that failed. */
  #down(problem: string | null, whose: 'server' | 'proxy' = 'server'): void {
    if (!this.#isUp && problem === this.#problem) return;
    this.#isUp = false;
    this.#problem = problem;
    if (problem === null) this.#deps.log.info({}, 'offline; trying to reach the server');
    else this.#deps.log.error({ problem }, `the ${whose} does not let this machine in`);
    this.#listener.onDown(problem);
  }

  #letGo(): void {
    this.#cancelRetry?.();
    this.#cancelGreeting?.();
    this.#cancelRetry = undefined;
    this.#cancelGreeting = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.disconnect();
    socket?.offAny();
    socket?.removeAllListeners();
  }
}

/** Socket.IO carries the server's error as `data` of its own error object. */
function refusalOf(error: Error): WireError | undefined {
  if (!('data' in error)) return undefined;
  const parsed = z.safeParse(WireError, error.data);
  return parsed.success ? parsed.data : undefined;
}

/** What people can do something about; null for what passes by itself. */
function problemOf(refusal: WireError): string | null {
  switch (refusal.code) {
    case 'not-allowed':
    case 'not-found':
      return 'The server does not know this machine any more. Enrol it again with a new token to bring it back.';
    case 'conflict':
      return 'Another computer uses this machine’s identity, for example a copy of its disk. Enrol one of the two again with --new-identity.';
    case 'unauthenticated':
      return 'The server did not accept this machine’s key.';
    case 'unsupported-version':
      return refusal.message;
    default:
      return null;
  }
}

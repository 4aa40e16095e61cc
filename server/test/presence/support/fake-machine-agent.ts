import {
  fromWireError,
  GuruError,
  PRESENCE_NAMESPACE,
  PRESENCE_PATH,
  PRESENCE_PROTOCOL,
  PresenceMessage,
  WireError,
} from '@guruconnect/shared';
import { io, type Socket } from 'socket.io-client';
import * as z from 'zod/mini';
import type { ApiClient } from '../../support/api-client.ts';
import { type MachineIdentity, makeKeyPair, signChallenge, signEnrolment } from './machine-identity.ts';

export interface FakeMachineAgentOptions {
  readonly version?: string;
  /** Comes back by itself after its line broke. */
  readonly reconnect?: boolean;
  /** Answers a challenge; undefined: it stays silent. The agent's own signature by default. */
  readonly answer?: (nonce: string) => string | undefined;
  readonly headers?: Record<string, string>;
}

type TypeOf = PresenceMessage['type'];
type OfType<T extends TypeOf> = Extract<PresenceMessage, { type: T }>;

/** Whoever proves to be a machine: with a key, or by answering challenges in another way. */
export type Provable = MachineIdentity | { readonly machineId: string; answer(nonce: string): string };

/** An always-on agent as the server sees it, on the real client library. */
export interface FakeMachineAgent {
  readonly identity: Provable;
  readonly socket: Socket;
  /** The first message of that type, past or to come, that fits. */
  next<T extends TypeOf>(type: T, fits?: (message: OfType<T>) => boolean): Promise<OfType<T>>;
  all<T extends TypeOf>(type: T): OfType<T>[];
  clear(): void;
  send(message: PresenceMessage): void;
  /** With which error the server refused it, if it does. */
  readonly refused: Promise<GuruError>;
  /** Ends in order. */
  stop(): void;
}

const WAIT_MS = 8_000;

/** Enrols a machine as an installer does. */
export async function enrolMachine(
  anybody: ApiClient,
  token: string,
  options: { hostname?: string; hardwareId?: string } = {},
): Promise<MachineIdentity> {
  const pair = makeKeyPair();
  const { hostname = 'pc-1', hardwareId = '' } = options;
  const { machineId } = await anybody.call('enrolMachine', {
    body: {
      token,
      publicKey: pair.publicKey,
      hardwareId,
      signature: signEnrolment(pair, token, hardwareId),
      hostname,
      osFamily: 'linux',
      agentVersion: '0.1.0',
    },
  });
  return { ...pair, machineId };
}

/** Connects and proves itself; resolves when it is online, rejects with the server's error when it is refused. */
export async function startMachineAgent(
  url: string,
  identity: Provable,
  options: FakeMachineAgentOptions = {},
): Promise<FakeMachineAgent> {
  const agent = openMachineAgent(url, identity, options);
  await Promise.race([
    agent.next('hello'),
    agent.refused.then((error) => {
      throw error;
    }),
  ]);
  return agent;
}

/** Connects, and leaves it to the test what comes of it. */
export function openMachineAgent(
  url: string,
  identity: Provable,
  options: FakeMachineAgentOptions = {},
): FakeMachineAgent {
  const { version = '0.1.0', answer = answerOf(identity) } = options;
  const socket = io(url + PRESENCE_NAMESPACE, {
    path: PRESENCE_PATH,
    transports: ['websocket'],
    forceNew: true,
    reconnection: options.reconnect ?? false,
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
    ...(options.headers ? { extraHeaders: options.headers } : {}),
  });
  const send = ({ type, ...body }: PresenceMessage) => void socket.emit(type, body);
  const messages: PresenceMessage[] = [];
  const waiting = new Set<() => void>();
  socket.on('connect', () => {
    send({ type: 'hello', protocol: PRESENCE_PROTOCOL, machineId: identity.machineId, version });
  });
  socket.onAny((type: string, body: object) => {
    const message = z.parse(PresenceMessage, { ...body, type });
    messages.push(message);
    if (message.type === 'challenge') {
      const signature = answer(message.nonce);
      if (signature !== undefined) send({ type: 'challenge', nonce: message.nonce, signature });
    }
    for (const look of [...waiting]) look();
  });
  const refused = new Promise<GuruError>((resolve) => {
    socket.on('connect_error', (error: Error & { data?: unknown }) => {
      const wire = z.safeParse(WireError, error.data);
      if (wire.success) resolve(fromWireError(wire.data));
      else if (!socket.active) resolve(new GuruError('unavailable', error.message, { cause: error }));
    });
  });
  const find = <T extends TypeOf>(type: T, fits: (message: OfType<T>) => boolean) =>
    messages.filter((one): one is OfType<T> => one.type === type).find(fits);
  return {
    identity,
    socket,
    send,
    refused,
    next: (type, fits = () => true) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`No fitting ${type} came; there were: ${messages.map((one) => one.type).join()}`));
        }, WAIT_MS);
        const look = () => {
          const found = find(type, fits);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    all: <T extends TypeOf>(type: T) => messages.filter((one): one is OfType<T> => one.type === type),
    clear: () => void messages.splice(0),
    stop: () => void socket.disconnect(),
  };
}

function answerOf(identity: Provable): (nonce: string) => string {
  return (nonce) => ('answer' in identity ? identity.answer(nonce) : signChallenge(identity, nonce));
}

import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import {
  agentToServer,
  ask,
  consoleToServer,
  type MachineInfo,
  type Payload,
  type serverToConsole,
} from '@guruconnect/shared';
import { io, type Socket } from 'socket.io-client';
import type { ApiClient } from '../../tools/stack/api-client.ts';

const MACHINE: MachineInfo = {
  hostname: 'bench',
  user: '',
  os: 'linux',
  osName: '',
  agentVersion: '0.1.0',
  elevated: false,
};

type Told<N extends keyof typeof serverToConsole> = Payload<typeof serverToConsole, N>;

/** A technician's page that watches machines, and joins sessions now and then; counts what it would show as errors. */
export class Technician {
  readonly api: ApiClient;
  readonly socket: Socket;
  readonly errors: string[] = [];
  readonly apiMs: number[] = [];
  /** From pressing Join to the offer of the session's agent. */
  readonly joinMs: number[] = [];
  /** From creating a session to its agent being there. */
  readonly openMs: number[] = [];
  readonly #browserKey: string;
  readonly #changed = new Set<(told: Told<'machines:changed'>) => void>();

  constructor(api: ApiClient) {
    this.api = api;
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const raw = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
    this.#browserKey = Buffer.concat(raw).toString('base64url');
    this.socket = connect(api.origin, '/console', { cookie: api.cookie, origin: api.origin });
    this.socket.on('machines:changed', (told: Told<'machines:changed'>) => {
      for (const listener of [...this.#changed]) listener(told);
    });
  }

  watch(machineIds: readonly string[]): Promise<unknown> {
    return ask(this.socket, consoleToServer, 'machines:watch', { machineIds: [...machineIds], counts: true });
  }

  /** When the page was told that the machine went offline, ms since the epoch. */
  untilOffline(machineId: string): Promise<number> {
    return new Promise((resolve) => {
      const listener = ({ machines }: Told<'machines:changed'>) => {
        if (!machines.some((row) => row.machineId === machineId && !row.online)) return;
        this.#changed.delete(listener);
        resolve(Date.now());
      };
      this.#changed.add(listener);
    });
  }

  /** What a page asks for when somebody opens it. */
  async look(): Promise<void> {
    const startedAt = performance.now();
    try {
      await this.api.call('me', {});
      this.apiMs.push(performance.now() - startedAt);
    } catch (error) {
      this.errors.push(`me: ${String(error)}`);
    }
  }

  /** A session from its code to the offer, with an agent that answers at once; the picture is the agent's business. */
  async join(guest: ApiClient): Promise<void> {
    let agent: Socket | undefined;
    try {
      const startedAt = performance.now();
      const session = await this.api.call('createSession', { body: { consentRequired: false } });
      const token = await exchange(guest, session.code ?? '');
      agent = connect(this.api.origin, '/agent', {}, { protocol: 1, sessionToken: token });
      await helloOf(agent);
      this.openMs.push(performance.now() - startedAt);
      const pressedAt = performance.now();
      const offered = new Promise((resolve) => this.socket.once('peer:offer', resolve));
      await ask(this.socket, consoleToServer, 'session:join', { sessionId: session.id, wants: 'control' });
      const wish = { sessionId: session.id, browserKey: this.#browserKey };
      await ask(this.socket, consoleToServer, 'peer:request', wish);
      await offered;
      this.joinMs.push(performance.now() - pressedAt);
      await this.api.call('endSession', { params: { sessionId: session.id } });
    } catch (error) {
      this.errors.push(`join: ${String(error)}`);
    } finally {
      agent?.disconnect();
    }
  }

  close(): void {
    this.socket.disconnect();
  }
}

function connect(
  origin: string,
  namespace: string,
  headers: Record<string, string>,
  auth: object = {},
): Socket {
  return io(origin + namespace, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 200,
    reconnectionDelayMax: 1_000,
    extraHeaders: headers,
    auth,
  });
}

async function exchange(guest: ApiClient, code: string): Promise<string> {
  const reply = await guest.call('exchangeCode', { body: { code, machine: MACHINE } });
  if (reply.status !== 'joined') throw new Error('The agent has to wait.');
  return reply.sessionToken;
}

async function helloOf(agent: Socket): Promise<void> {
  agent.on('peer:open', ({ peerId }: { peerId: string }) => {
    agent.emit('peer:offer', { peerId, sdp: 'an offer' });
  });
  agent.on('session:end', (_end: unknown, reply: (envelope: object) => void) => {
    reply({ ok: true, value: { captureStoppedAfterMs: 0 } });
  });
  await once(agent as unknown as NodeJS.EventEmitter, 'connect');
  await ask(agent, agentToServer, 'agent:hello', { machine: MACHINE, displays: [], peers: [] });
}

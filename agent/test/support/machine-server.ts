import { createHash, createPublicKey, randomBytes, randomUUID, verify } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  type ApiBody,
  type ApiReply,
  apiRoutes,
  enrolmentText,
  GuruError,
  MACHINE_HEADERS,
  machineRequestText,
  PRESENCE_NAMESPACE,
  PRESENCE_PATH,
  PRESENCE_PING_MS,
  PRESENCE_PING_TIMEOUT_MS,
  type PresenceMessage,
  presenceChallengeText,
  toWireError,
} from '@guruconnect/shared';
import { type Socket, Server as SocketServer } from 'socket.io';
import * as z from 'zod/mini';

/** Sends one message as the server does: its type is the event's name. */
export type SayToAgent = (message: PresenceMessage) => void;

/**
 * What always-on agents see of a server, on real HTTP and real WebSockets, with every signature checked. It can be
 * stopped and started again on its port.
 */
export class MachineServer {
  readonly token = randomBytes(32).toString('base64url');
  readonly checkIns: ApiBody<'checkIn'>[] = [];
  readonly enrolments: ApiBody<'enrolMachine'>[] = [];
  readonly sockets: Socket[] = [];
  /** Of connections that met the challenge. */
  readonly online = new Set<string>();
  readonly problems: string[] = [];
  readonly machines = new Map<string, { machineId: string; publicKey: string; lastTimeMs: number }>();
  port = 0;
  connects = 0;
  /** What the server's clock is ahead of ours. */
  aheadMs = 0;
  reply: Partial<ApiReply<'checkIn'>> = {};
  /** undefined: as a server that does not know the question yet. */
  ways: ApiReply<'nameWays'> | undefined;
  refuseConnect: GuruError | undefined;
  refuseHello: GuruError | undefined;
  refuseCheckIn: ((body: ApiBody<'checkIn'>) => GuruError | undefined) | undefined;
  labels = { name: '', company: 'Acme', site: '', department: '', deviceType: '', tags: [], properties: {} };
  #http: HttpServer | undefined;
  #io: SocketServer | undefined;
  readonly #tls: { key: string; cert: string } | undefined;
  readonly #watchers = new Set<() => void>();

  constructor(tls?: { key: string; cert: string }) {
    this.#tls = tls;
  }

  get origin(): string {
    return `${this.#tls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const answer: RequestListener = (request, response) => {
      void this.#answer(request).then(
        (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        (error: unknown) => {
          const status = error instanceof GuruError ? error.status : 500;
          response
            .writeHead(status, { 'content-type': 'application/json' })
            .end(JSON.stringify({ error: toWireError(error) }));
        },
      );
    };
    this.#http = this.#tls ? createSecureServer(this.#tls, answer) : createServer(answer);
    this.#io = new SocketServer(this.#http, {
      path: PRESENCE_PATH,
      transports: ['websocket'],
      pingInterval: PRESENCE_PING_MS,
      pingTimeout: PRESENCE_PING_TIMEOUT_MS,
    });
    this.#io.of(PRESENCE_NAMESPACE).use((_socket, next) => {
      this.connects += 1;
      this.#changed();
      next(this.refuseConnect && asConnectError(this.refuseConnect));
    });
    this.#io.of(PRESENCE_NAMESPACE).on('connection', (socket) => this.#greet(socket));
    this.#http.listen(this.port, '127.0.0.1');
    await once(this.#http, 'listening');
    this.port = (this.#http.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await this.#io?.close();
    this.#http?.closeAllConnections();
  }

  say(message: PresenceMessage): void {
    const { type, ...body } = message;
    this.sockets.at(-1)?.emit(type, body);
  }

  /** Waits until something is so; looks whenever something happened. */
  until(isSo: () => boolean, timeoutMs = 15_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(`It did not come to that: ${isSo}`));
      }, timeoutMs);
      const look = () => {
        if (!isSo()) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  #changed(): void {
    for (const look of [...this.#watchers]) look();
  }

  #greet(socket: Socket): void {
    this.sockets.push(socket);
    const nonce = randomBytes(32).toString('base64url');
    let machineId = '';
    socket.on('hello', (hello: { machineId: string }) => {
      machineId = hello.machineId;
      if (this.refuseHello) {
        // As Socket.IO refuses: CONNECT_ERROR, then the line is closed.
        const data = toWireError(this.refuseHello);
        const packet = { type: 4, nsp: PRESENCE_NAMESPACE, data: { message: data.message, data } };
        (socket.client as unknown as { _packet(packet: unknown): void })._packet(packet);
        setTimeout(() => socket.conn.close(), 50);
        return;
      }
      socket.emit('challenge', { nonce, signature: null });
    });
    socket.on('challenge', (answer: { nonce: string; signature: string }) => {
      const text = presenceChallengeText({ machineId, nonce });
      const isGood = answer.nonce === nonce && this.#verifies(machineId, text, answer.signature);
      if (!isGood) this.problems.push('bad signature of the challenge');
      else {
        this.online.add(socket.id);
        socket.emit('hello', { protocol: 1, machineId, version: '9.9.9' });
      }
      this.#changed();
    });
    socket.on('disconnect', () => {
      this.online.delete(socket.id);
      this.#changed();
    });
    this.#changed();
  }

  async #answer(request: IncomingMessage): Promise<unknown> {
    if (request.url === '/healthz') return {};
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (request.url?.endsWith('/agent/ways')) return this.#nameWays(request, body);
    const answer = request.url?.endsWith('/agent/enrol')
      ? this.#enrol(z.parse(apiRoutes.enrolMachine.body, JSON.parse(body.toString())))
      : this.#checkIn(request, body);
    setImmediate(() => this.#changed());
    return answer;
  }

  #enrol(body: ApiBody<'enrolMachine'>): ApiReply<'enrolMachine'> {
    const { token, publicKey, hardwareId, signature, hostname } = body;
    if (token !== this.token) throw new GuruError('not-allowed', 'This token is not good.');
    if (!verifies(publicKey, enrolmentText({ token, publicKey, hardwareId }), signature)) {
      throw new GuruError('not-allowed', 'This signature is not good.');
    }
    this.enrolments.push(body);
    const known = [...this.machines.values()].find((one) => one.publicKey === publicKey);
    const machine = known ?? { machineId: randomUUID(), publicKey, lastTimeMs: 0 };
    this.machines.set(machine.machineId, machine);
    return {
      machineId: machine.machineId,
      companyName: 'Acme',
      serverPublicKey: 'key',
      checkInSeconds: 900,
      labels: { ...this.labels, name: hostname },
    };
  }

  #nameWays(request: IncomingMessage, raw: Buffer): ApiReply<'nameWays'> {
    this.#letIn(request, raw);
    if (!this.ways) throw new GuruError('not-found', 'There is no such address.');
    return this.ways;
  }

  #checkIn(request: IncomingMessage, raw: Buffer): ApiReply<'checkIn'> {
    const serverTime = this.#letIn(request, raw);
    const body = z.parse(apiRoutes.checkIn.body, JSON.parse(raw.toString())) as ApiBody<'checkIn'>;
    const refusal = this.refuseCheckIn?.(body);
    if (refusal) throw refusal;
    this.checkIns.push(body);
    return {
      serverTime,
      checkInSeconds: 900,
      wantsInventory: false,
      companyName: 'Acme',
      serverPublicKey: 'key',
      labels: this.labels,
      commands: [],
      wake: [],
      ...this.reply,
    };
  }

  /** The time that counts here, for what a known machine signed just now. */
  #letIn(request: IncomingMessage, raw: Buffer): number {
    const header = (name: keyof typeof MACHINE_HEADERS) => String(request.headers[MACHINE_HEADERS[name]]);
    const [machineId, timeMs] = [header('machine'), Number(header('time'))];
    const bodySha256Hex = createHash('sha256').update(raw).digest('hex');
    const { method = '', url: path = '' } = request;
    const text = machineRequestText({ method, path, machineId, timeMs, bodySha256Hex });
    const machine = this.machines.get(machineId);
    const serverTime = Date.now() + this.aheadMs;
    const isNow = Math.abs(timeMs - serverTime) < 5 * 60_000;
    if (
      !machine ||
      !isNow ||
      timeMs <= machine.lastTimeMs ||
      !this.#verifies(machineId, text, header('signature'))
    ) {
      this.problems.push('a check-in was not good');
      throw new GuruError('unauthenticated', 'This request is not good.', { details: { serverTime } });
    }
    machine.lastTimeMs = timeMs;
    return serverTime;
  }

  #verifies(machineId: string, text: string, signature: string): boolean {
    const machine = this.machines.get(machineId);
    return machine !== undefined && verifies(machine.publicKey, text, signature);
  }
}

function asConnectError(error: GuruError): Error {
  return Object.assign(new Error(error.message), { data: toWireError(error) });
}

function verifies(publicKey: string, text: string, signature: string): boolean {
  const raw = Buffer.from(publicKey, 'base64url');
  const x = raw.subarray(1, 33).toString('base64url');
  const y = raw.subarray(33).toString('base64url');
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  return verify(
    'sha256',
    Buffer.from(text),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}

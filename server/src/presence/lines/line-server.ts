import { randomBytes } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  MAX_PRESENCE_FRAME_BYTES,
  PRESENCE_FRAMES,
  PRESENCE_PATH,
  PRESENCE_PING_MS,
  PRESENCE_PING_TIMEOUT_MS,
  presenceConnectedFrame,
  presenceOpenFrame,
} from '@guruconnect/shared';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/ports.ts';
import type { AdmissionOptions } from './admission.ts';
import { AgentLine } from './agent-line.ts';
import { UnprovedLines } from './unproved-lines.ts';

/** What is done with lines; the server below knows WebSockets and time only. */
export interface LineHandler {
  /** It wants the namespace: true lets it in; false when it was refused. */
  readonly admit: (line: AgentLine) => boolean;
  /** Any other text, from a line that was let in. */
  readonly heard: (line: AgentLine, frame: string) => void;
  /** Something that no agent says. */
  readonly malformed: (line: AgentLine, what: string) => void;
  /** It is gone; told once for each line. */
  readonly closed: (line: AgentLine) => void;
}

export interface LineServerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly handler: LineHandler;
  /** Connections that have not proved themselves, in all and from one address; further ones get no WebSocket. */
  readonly limits: Pick<AdmissionOptions, 'unproved' | 'unprovedOfAddress'>;
}

/** From the WebSocket to the proof of who it is. */
const PROOF_MS = 10_000;
/** How long a refused agent may take to close. */
const CLOSING_MS = 2_000;
const TICK_MS = 250;
/** A tick that comes so late means that this process stood still: agents could not be heard meanwhile. */
const STOOD_STILL_MS = 1_000;
const BUSY =
  'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
const FORBIDDEN = 'HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
/** What a WebSocket without a closing handshake ends with (RFC 6455, 7.1.5). */
const BROKEN_OFF = 1006;
const CONNECTION_ID_BYTES = 12;

/**
 * Speaks Engine.IO and Socket.IO to always-on agents over bare WebSockets: their own objects for a connection take
 * three times the memory, and a timer each. One clock looks after all lines.
 */
export class LineServer {
  readonly #deps: LineServerDeps;
  readonly #lines = new Set<AgentLine>();
  readonly #unproved: UnprovedLines;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_PRESENCE_FRAME_BYTES,
  });
  readonly #stop: () => void;
  #tickedAt: number;
  #isClosed = false;

  constructor(deps: LineServerDeps) {
    this.#deps = deps;
    this.#unproved = new UnprovedLines(deps.limits);
    this.#tickedAt = deps.clock.now();
    this.#stop = deps.clock.every(TICK_MS, () => this.#tick());
  }

  attach(server: HttpServer, isAllowed: (request: IncomingMessage) => boolean): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (!(request.url ?? '').startsWith(PRESENCE_PATH)) return;
      if (!isAllowed(request)) return void socket.end(FORBIDDEN);
      const address = this.#deps.addressOf(request);
      if (this.#isClosed || !this.#unproved.hasRoom(address)) return void socket.end(BUSY);
      this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#open(opened, address));
    });
  }

  /** Lines that said which machine they are but have not proved it. */
  unprovedOf(machineId: string): AgentLine[] {
    return this.#unproved.of(machineId);
  }

  /** From now on the line is kept up with pings. The first one is due at random: they spread evenly. */
  keepUp(line: AgentLine): void {
    this.#unproved.delete(line);
    line.deadline = Number.POSITIVE_INFINITY;
    line.pingAt = this.#deps.clock.now() + Math.random() * PRESENCE_PING_MS;
  }

  /** Tells every agent to come back later, and takes no more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stop();
    for (const line of this.#lines) line.goAway();
    // Whoever does not answer must not keep the server from ending.
    for (const line of this.#lines) this.#deps.clock.after(CLOSING_MS, () => line.cut());
  }

  #open(socket: WebSocket, address: string): void {
    const { clock, log } = this.#deps;
    const line = new AgentLine(socket, address, clock.now() + PROOF_MS);
    this.#lines.add(line);
    this.#unproved.add(line);
    socket.on('message', (data, isBinary) => this.#receive(line, data, isBinary));
    // Too long, not UTF-8, not masked: the connection ends by itself after it.
    socket.on('error', (error) => log.debug({ err: error, address: line.address }, 'an agent line failed'));
    socket.on('close', (code) => this.#forget(line, code));
    line.send(presenceOpenFrame(randomBytes(CONNECTION_ID_BYTES).toString('base64url')));
  }

  #receive(line: AgentLine, data: RawData, isBinary: boolean): void {
    if (line.isClosing) return;
    const { handler } = this.#deps;
    const frame = isBinary || !(data instanceof Buffer) ? undefined : data.toString('utf8');
    // Answered once a ping, so that nobody floods us with them.
    if (frame === PRESENCE_FRAMES.pong && line.isOnline && line.deadline !== Number.POSITIVE_INFINITY) {
      line.deadline = Number.POSITIVE_INFINITY;
    } else if (frame === PRESENCE_FRAMES.disconnect || frame === PRESENCE_FRAMES.close) line.close();
    else if (frame === undefined) handler.malformed(line, 'binary');
    else if (line.state !== 'opened') handler.heard(line, frame);
    else if (!frame.startsWith(PRESENCE_FRAMES.connect)) handler.malformed(line, frame);
    else if (handler.admit(line)) {
      line.state = 'connected';
      line.send(presenceConnectedFrame(randomBytes(CONNECTION_ID_BYTES).toString('base64url')));
    }
  }

  #forget(line: AgentLine, code: number): void {
    line.brokeOff = !line.isClosing && code === BROKEN_OFF;
    line.state = 'closing';
    this.#unproved.delete(line);
    if (this.#lines.delete(line) && !this.#isClosed) {
      this.#deps.handler.closed(line);
    }
  }

  #tick(): void {
    const now = this.#deps.clock.now();
    const late = now - this.#tickedAt - TICK_MS;
    this.#tickedAt = now;
    for (const line of this.#lines) {
      if (late > STOOD_STILL_MS) line.deadline += late;
      if (line.isClosing) this.#tickClosing(line, now);
      else if (now >= line.deadline) line.cut();
      else if (now >= line.pingAt) {
        line.pingAt = now + PRESENCE_PING_MS;
        line.deadline = now + PRESENCE_PING_TIMEOUT_MS;
        line.ping();
      }
    }
  }

  #tickClosing(line: AgentLine, now: number): void {
    // The first tick after it began to close starts the time that closing may take.
    if (line.pingAt !== Number.NEGATIVE_INFINITY) {
      line.pingAt = Number.NEGATIVE_INFINITY;
      line.deadline = now + CLOSING_MS;
    } else if (now >= line.deadline) line.cut();
  }
}

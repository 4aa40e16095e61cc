import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as sendRequest,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { encodePresenceFrame, type PresenceMessage, UpdateReport } from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { Release, SignedManifest } from './test-release.ts';

/**
 * In front of a real server: hands out the releases of a test and passes everything else on, connections of machines
 * included. What goes through it can be cut as a network would.
 */
export class ReleaseProxy {
  readonly #server: Server;
  readonly #pollSeconds: number;
  readonly #sockets = new Set<Socket>();
  /** Towards machines, with a WebSocket on them. */
  readonly #lines = new Set<Socket>();
  readonly #manifests = new Map<string, SignedManifest>();
  readonly #blobs = new Map<string, Buffer>();
  /** Where the real server is. */
  target = '';
  /** The version that machines are offered; none by default. */
  offered: SignedManifest | undefined;
  /** What is handed out as the newest, whatever machines are offered. */
  newest: SignedManifest | undefined;
  /** What machines told of their updates. */
  readonly reports: UpdateReport[] = [];
  /** Paths that were asked for, with the Range where there was one. */
  readonly requests: string[] = [];
  /** No line of a machine gets through. */
  refusesLines = false;
  /** Once this has been fetched, nobody reaches it any more, until {@link comeBack}. */
  goesAwayAfter: Buffer | undefined;
  #port = 0;
  /** Cuts the next download of a blob after so many bytes. */
  cutAfterBytes: number | undefined;

  private constructor(pollSeconds: number) {
    this.#pollSeconds = pollSeconds;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#pass(request, socket as Socket, head));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(pollSeconds: number): Promise<ReleaseProxy> {
    const proxy = new ReleaseProxy(pollSeconds);
    await proxy.#listen();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Nobody listens any more; what is connected is cut. */
  goAway(): void {
    this.#server.close();
    this.cut();
  }

  async comeBack(): Promise<void> {
    await this.#listen();
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Machines can fetch it; `offer` makes them. */
  publish(release: Release): void {
    this.#manifests.set(release.sha256, release);
    for (const [sha256, bytes] of release.blobs) this.#blobs.set(sha256, bytes);
  }

  /** No longer has what is fetched under a hash. */
  forget(sha256: string): void {
    this.#blobs.delete(sha256);
  }

  /** Serves other bytes under a hash than those that belong there. */
  tamper(sha256: string, bytes: Buffer): void {
    this.#blobs.set(sha256, bytes);
  }

  /** Says something to all machines in the server's name. */
  tell(message: PresenceMessage): void {
    const text = Buffer.from(encodePresenceFrame(message));
    const long = text.length > 125;
    // RFC 6455: one whole text message, not masked.
    const head = long
      ? Buffer.of(0x81, 126, text.length >> 8, text.length & 255)
      : Buffer.of(0x81, text.length);
    for (const line of this.#lines) line.write(Buffer.concat([head, text]));
  }

  /** Cuts all connections that there are. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '';
    if (url.startsWith('/download/release/') || url.startsWith('/api/v1/agent/update')) {
      this.requests.push(`${url}${request.headers.range ? ` ${request.headers.range}` : ''}`);
    }
    const blob = /^\/download\/release\/blob\/([0-9a-f]{64})$/.exec(url)?.[1];
    const [, sha256, part] =
      /^\/download\/release\/win32-x64\/([0-9a-f]{64})\/manifest\.(json|sig)$/.exec(url) ?? [];
    const newest = /^\/download\/release\/win32-x64\/manifest\.(json|sig)$/.exec(url)?.[1];
    const manifest = this.#manifests.get(sha256 ?? '');
    if (blob) this.#sendBlob(this.#blobs.get(blob), request, response);
    else if (manifest) response.end(part === 'json' ? manifest.text : manifest.signature);
    else if (newest && this.newest)
      response.end(newest === 'json' ? this.newest.text : this.newest.signature);
    else if (url === '/api/v1/agent/update') this.#sendOffer(response);
    else if (url === '/api/v1/agent/update-report') this.#takeReport(request, response);
    else this.#forward(request, response);
  }

  #sendOffer(response: ServerResponse): void {
    const { version = '0.0.0', sha256: manifestSha256 = '' } = this.offered ?? {};
    const pollSeconds = this.#pollSeconds;
    const body = { version, manifestSha256, pollSeconds, wanted: this.offered !== undefined };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  }

  #takeReport(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.reports.push(z.parse(UpdateReport, JSON.parse(Buffer.concat(chunks).toString('utf8'))));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }

  #sendBlob(bytes: Buffer | undefined, request: IncomingMessage, response: ServerResponse): void {
    if (!bytes) {
      response.writeHead(404).end('There is no such file.');
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = bytes.subarray(from);
    response.setHeader('content-length', rest.length).setHeader('accept-ranges', 'bytes');
    if (request.headers.range) {
      response.setHeader('content-range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`).statusCode =
        206;
    }
    const limit = this.cutAfterBytes;
    if (limit === undefined || rest.length <= limit) {
      const isLast = bytes === this.goesAwayAfter;
      if (isLast) this.goesAwayAfter = undefined;
      // A moment later: what was sent is to arrive.
      response.end(rest, () => isLast && setTimeout(() => this.goAway(), 200));
      return;
    }
    this.cutAfterBytes = undefined;
    response.write(rest.subarray(0, limit), () => setTimeout(() => response.destroy(), 200));
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const { hostname, port } = new URL(this.target);
    const { method, url: path, headers } = request;
    const onward = sendRequest({ host: hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  }

  #pass(request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (this.refusesLines) {
      socket.destroy();
      return;
    }
    const { hostname, port } = new URL(this.target);
    const onward = connect(Number(port), hostname, () => {
      const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
      onward.write(`GET ${request.url} HTTP/1.1\r\n${headers.join('')}\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    this.#sockets.add(onward);
    this.#lines.add(socket);
    socket.on('close', () => this.#lines.delete(socket));
    onward.on('close', () => {
      this.#sockets.delete(onward);
      socket.destroy();
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
    socket.on('close', () => onward.destroy());
  }
}

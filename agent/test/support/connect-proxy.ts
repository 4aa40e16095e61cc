import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ConnectProxyOptions {
  readonly tls?: { readonly cert: string; readonly key: string };
  /** `name:password` that it wants to hear. */
  readonly credentials?: string;
  /** Where it listens; 127.0.0.1 by default. */
  readonly host?: string;
}

/** How it answers when it does not do as it is asked. */
type Mood = 'well' | 'silent' | 'dying' | 'page' | number;

/**
 * A proxy as companies have them: passes connections on (CONNECT), and nothing else. Whatever name it is asked for is
 * this computer to it, so names that exist nowhere show that whoever asks leaves looking them up to the proxy.
 */
export class ConnectProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** What was asked for: `host:port`, and who asked by its own words. */
  readonly tunnels: { readonly target: string; readonly program: string }[] = [];
  mood: Mood = 'well';
  /** What passed, in both directions, by `host:port`. */
  readonly bytes = new Map<string, number>();

  private constructor({ tls, credentials }: ConnectProxyOptions) {
    this.#server = tls ? createSecureServer(tls) : createServer();
    this.#server.on('request', (_request, response) => response.writeHead(403).end('CONNECT only.'));
    this.#server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
      client.on('error', () => {});
      this.#sockets.add(client);
      client.on('close', () => this.#sockets.delete(client));
      const proof = `Basic ${Buffer.from(credentials ?? '').toString('base64')}`;
      const isGood = credentials === undefined || request.headers['proxy-authorization'] === proof;
      if (!isGood) {
        client.end(
          'HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
        );
      } else if (this.mood === 'well') this.#pass(request, client, head);
      else if (this.mood === 'dying') client.end('HTTP/1.1 20');
      else if (this.mood === 'page') client.end('<html>Log in first</html>');
      else if (this.mood === 'silent') client.resume().on('end', () => client.destroy());
      else client.end(`HTTP/1.1 ${this.mood} No\r\nContent-Length: 2\r\n\r\nno`);
    });
  }

  static async start(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(options);
    await new Promise<void>((resolve) => proxy.#server.listen(0, options.host ?? '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `host:port` */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Connections that stand now. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Everything that stands breaks off. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(request: IncomingMessage, client: Socket, head: Buffer): void {
    const target = request.url ?? '';
    this.tunnels.push({ target, program: request.headers['user-agent'] ?? '' });
    const onward = connect(Number(target.slice(target.lastIndexOf(':') + 1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      onward.pipe(client).pipe(onward);
    });
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      one.on('data', (chunk: Buffer) => {
        this.bytes.set(target, (this.bytes.get(target) ?? 0) + chunk.length);
      });
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}

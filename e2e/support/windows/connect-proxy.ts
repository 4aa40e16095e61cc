import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A proxy as companies have them: passes encrypted connections on (CONNECT), and nothing else. */
export class ConnectProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** What was asked for: `host:port`, and who asked by its own words. */
  readonly tunnels: { readonly target: string; readonly program: string }[] = [];

  private constructor() {
    this.#server = createServer((_request, response) => response.writeHead(403).end('CONNECT only.'));
    this.#server.on('connect', (request, client: Socket, head) => {
      const target = request.url ?? '';
      this.tunnels.push({ target, program: request.headers['user-agent'] ?? '' });
      const port = Number(target.slice(target.lastIndexOf(':') + 1));
      const onward = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.write(head);
        onward.pipe(client).pipe(onward);
      });
      for (const [one, other] of [
        [client, onward],
        [onward, client],
      ] as const) {
        this.#sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
  }

  static async start(): Promise<ConnectProxy> {
    const proxy = new ConnectProxy();
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** `host:port` */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

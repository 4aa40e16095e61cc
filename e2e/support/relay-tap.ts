import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands before a relay and keeps what the relay sends: frames of servers are not masked, so they are what it saw. */
export class RelayTap {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #chunks: Buffer[];

  private constructor(server: Server, port: number, sockets: Set<Socket>, chunks: Buffer[]) {
    this.#server = server;
    this.port = port;
    this.#sockets = sockets;
    this.#chunks = chunks;
  }

  static async start(relayPort: number): Promise<RelayTap> {
    const sockets = new Set<Socket>();
    const chunks: Buffer[] = [];
    const server = createServer((client) => {
      const relay = connect(relayPort, '127.0.0.1');
      for (const [from, to] of [
        [client, relay],
        [relay, client],
      ] as const) {
        sockets.add(from);
        from.setNoDelay(true);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
      relay.on('data', (chunk: Buffer) => chunks.push(chunk));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The tap has no port.');
    return new RelayTap(server, address.port, sockets, chunks);
  }

  /** Everything so far. */
  get seen(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

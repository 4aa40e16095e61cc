import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { type AddressInfo, isIP } from 'node:net';
import { MAX_RELAY_MESSAGE_BYTES, RELAY_CLOSE } from '@guruconnect/shared';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { ConnectionCount } from './connection-count.ts';
import { RelayConnection } from './relay-connection.ts';
import { RelayDesk } from './relay-desk.ts';
import { statusPages } from './status-pages.ts';

export interface RelayTls {
  readonly cert: string;
  readonly key: string;
}

export interface RelayServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Shared by whoever signs tickets. */
  readonly secret: string;
  /** Undefined: plain. */
  readonly tls: RelayTls | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface RelayServer {
  readonly port: number;
  /** Serves new connections with another certificate; the old ones go on. */
  renew(tls: RelayTls): void;
  /** Tells both ends of every pair and stops listening. */
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 4_000;
const MAX_UNJOINED_OF_ADDRESS = 32;
const CLOSE_GRACE_MS = 1_000;

/** Listens for both ends of relayed peers. Rejects when the address cannot be listened on. */
export async function startRelayServer(options: RelayServerOptions): Promise<RelayServer> {
  const { clock, log, tls } = options;
  const desk = new RelayDesk(clock);
  const count = new ConnectionCount({
    total: MAX_CONNECTIONS,
    unjoinedOfAddress: MAX_UNJOINED_OF_ADDRESS,
  });
  const pages: RequestListener = statusPages(() => ({ ...desk.counters, connections: count.total }));
  const server = tls ? createHttpsServer({ ...tls, minVersion: 'TLSv1.2' }, pages) : createHttpServer(pages);
  const sockets = new WebSocketServer({
    server,
    maxPayload: MAX_RELAY_MESSAGE_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  });
  sockets.on('connection', (socket, request) => admit(socket, request));
  // The HTTP server's errors arrive here as well; `listen` reports them.
  sockets.on('error', () => undefined);
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  log.info({ port, tls: tls !== undefined }, 'the relay listens');

  function admit(socket: WebSocket, request: IncomingMessage): void {
    const address = request.socket.remoteAddress ?? '';
    const place = count.enter(address);
    if (!place) {
      // Its errors have no other listener.
      socket.on('error', () => undefined);
      socket.close(RELAY_CLOSE.full, 'too many connections');
      return;
    }
    request.socket.setNoDelay(true);
    const { secret } = options;
    const { origin } = request.headers;
    new RelayConnection({ socket, origin, secret, desk, clock, log, place });
  }

  return {
    port,
    renew: (renewed) => {
      if (tls) (server as HttpsServer).setSecureContext({ ...renewed, minVersion: 'TLSv1.2' });
    },
    close: async () => {
      desk.close(RELAY_CLOSE.goingAway, 'the relay is shutting down');
      for (const socket of sockets.clients) socket.close(RELAY_CLOSE.goingAway);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const force = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
      }, CLOSE_GRACE_MS);
      sockets.close();
      server.closeIdleConnections();
      await closed;
      clearTimeout(force);
    },
  };
}

function listen(
  server: ReturnType<typeof createHttpServer> | HttpsServer,
  { host, port }: RelayServerOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const at = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
    server.once('error', (error) => reject(new Error(`The relay cannot listen on ${at}.`, { cause: error })));
    server.listen({ host, port }, resolve);
  });
}

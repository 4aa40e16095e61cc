import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ChallengeServer {
  readonly port: number;
  close(): void;
}

export interface ChallengeServerOptions {
  readonly host: string;
  readonly port: number;
  /** Answers by token. */
  readonly challenges: ReadonlyMap<string, string>;
  /** Where a request for a host belongs over HTTPS: an origin without a slash at the end. */
  readonly httpsOrigin: (host: string) => string;
}

const PREFIX = '/.well-known/acme-challenge/';
const TIMEOUT_MS = 10_000;

/** The only plain HTTP beyond loopback: answers challenges, and sends everybody else to HTTPS. */
export function startChallengeServer(options: ChallengeServerOptions): Promise<ChallengeServer> {
  const { host, port } = options;
  const server = createServer(
    { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS, keepAliveTimeout: 1000, maxHeaderSize: 8192 },
    (request, response) => {
      response.setHeader('Connection', 'close');
      answer(request, response, options);
    },
  );
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(new Error(`Cannot listen on ${host}:${port} (ACME_HTTP_PORT): ${error.message}.`));
    });
    server.listen({ host, port }, () => {
      resolve({
        // A TCP server that listens has such an address.
        port: (server.address() as AddressInfo).port,
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { challenges, httpsOrigin }: ChallengeServerOptions,
): void {
  const path = request.url ?? '/';
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    plain(response, 405, 'Use HTTPS.');
    return;
  }
  if (path.startsWith(PREFIX)) {
    const proof = challenges.get(path.slice(PREFIX.length));
    plain(response, proof === undefined ? 404 : 200, proof ?? 'There is nothing here.');
    return;
  }
  // A path alone; what a proxy would be sent names a host of its own.
  const rest = path.startsWith('/') ? path : '/';
  response.writeHead(308, { Location: `${httpsOrigin(request.headers.host ?? '')}${rest}` }).end();
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'X-Content-Type-Options': 'nosniff' }).end(text);
}

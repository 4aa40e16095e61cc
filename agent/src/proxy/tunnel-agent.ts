import http, { type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { openTunnel } from './open-tunnel.ts';

export interface TunnelAgentOptions {
  readonly proxy: URL;
  readonly isSecure: boolean;
  /** PEM of all authorities to trust; undefined: node's own list. */
  readonly ca: readonly string[] | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What Node's HTTP client hands to its agents. */
interface Wanted extends ClientRequestArgs {
  readonly servername?: string;
}

/** Makes the connections of HTTP requests and WebSockets through a proxy; TLS is spoken with the server inside. */
export class TunnelAgent extends http.Agent {
  readonly #options: TunnelAgentOptions;
  /** Node compares it with the request's. */
  readonly protocol: string;
  readonly defaultPort: number;

  constructor(options: TunnelAgentOptions) {
    super({ keepAlive: false });
    this.#options = options;
    this.protocol = options.isSecure ? 'https:' : 'http:';
    this.defaultPort = options.isSecure ? 443 : 80;
  }

  override createConnection(wanted: Wanted, done: (error: Error | null, stream: Duplex) => void): undefined {
    // The types leave no room for a failure, which brings no stream along.
    const failed = done as (error: Error) => void;
    this.#open(wanted).then(
      (socket) => done(null, socket),
      (error) => failed(error instanceof Error ? error : new Error(String(error))),
    );
  }

  async #open({ host, port, servername }: Wanted): Promise<Duplex> {
    const { proxy, isSecure, ca, signal } = this.#options;
    const name = host ?? 'localhost';
    const socket = await openTunnel({
      proxy,
      host: name,
      port: Number(port) || this.defaultPort,
      ca,
      signal,
    });
    if (!isSecure) return socket;
    return tls.connect({
      socket,
      // Whose certificate is wanted: the proxy is not asked.
      host: name,
      ...(servername === undefined ? {} : { servername }),
      ...(ca === undefined ? {} : { ca: [...ca] }),
    });
  }
}

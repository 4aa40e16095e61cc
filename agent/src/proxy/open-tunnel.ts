import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { ProxyError } from './proxy-error.ts';
import { proxyName } from './proxy-rules.ts';

export interface TunnelOptions {
  readonly proxy: URL;
  readonly host: string;
  readonly port: number;
  /** PEM of all authorities to trust, for a proxy that is spoken with over TLS; undefined: node's own list. */
  readonly ca: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Nobody who connects waits much longer. */
const TIMEOUT_MS = 7_500;

/**
 * A connection to `host:port` that an HTTP proxy makes for us (CONNECT, RFC 9110 section 9.3.6); what passes is not the
 * proxy's business. Rejects with a ProxyError that says what the proxy has against it, or with the signal's reason.
 */
export function openTunnel(options: TunnelOptions): Promise<net.Socket> {
  const { proxy, host, port, signal, timeoutMs = TIMEOUT_MS } = options;
  const name = proxyName(proxy);
  const target = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const request = ask(options, target);
    const stop = (error: unknown) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      request.destroy();
      reject(error);
    };
    const abort = () => stop(signal?.reason);
    const timer = setTimeout(
      () => stop(new ProxyError(`The proxy ${name} did not answer in time.`)),
      timeoutMs,
    );
    signal?.addEventListener('abort', abort, { once: true });
    request.on('error', (error) => {
      stop(new ProxyError(`The proxy ${name} cannot be used: ${error.message}.`, { cause: error }));
    });
    // A proxy that answers a CONNECT as if it were a page.
    request.on('response', ({ statusCode = 0 }) => stop(refusal(name, target, statusCode)));
    request.on('connect', ({ statusCode = 0 }, stream, head) => {
      const socket = stream as net.Socket;
      if (statusCode < 200 || statusCode >= 300) {
        socket.destroy();
        return stop(refusal(name, target, statusCode));
      }
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.setNoDelay(true);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.end();
  });
}

function ask({ proxy, ca }: TunnelOptions, target: string): http.ClientRequest {
  const { username, password } = proxy;
  const proof = Buffer.from(`${decoded(username)}:${decoded(password)}`);
  const common = {
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    method: 'CONNECT',
    path: target,
    agent: false as const,
    headers: {
      host: target,
      // Some let nobody pass who does not say what they are.
      'user-agent': 'GuruConnect',
      ...(username || password ? { 'proxy-authorization': `Basic ${proof.toString('base64')}` } : {}),
    },
  };
  if (proxy.protocol !== 'https:') return http.request({ ...common, port: Number(proxy.port) || 80 });
  const servername = net.isIP(common.host) ? '' : common.host;
  const trusted = ca === undefined ? {} : { ca: [...ca] };
  return https.request({ ...common, ...trusted, servername, port: Number(proxy.port) || 443 });
}

/** A percent sign that people forgot to write as `%25` stands for itself. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (coded) => {
    try {
      return decodeURIComponent(coded);
    } catch {
      return coded;
    }
  });
}

function refusal(name: string, target: string, status: number): ProxyError {
  return new ProxyError(`The proxy ${name} ${why(target, status)} (${status})`);
}

function why(target: string, status: number): string {
  switch (status) {
    case 407:
      return 'wants another name and password than it was given, if any.';
    case 403:
    case 405:
      return `does not let connections to ${target} pass.`;
    case 502:
    case 503:
    case 504:
      return `cannot reach ${target} itself.`;
    default:
      return `makes no connection to ${target}.`;
  }
}

import type http from 'node:http';
import { type ProxyRules, proxyFor } from './proxy-rules.ts';
import { TunnelAgent } from './tunnel-agent.ts';

/** How this computer reaches its server. */
export interface WayOut {
  /** PEM of all certificate authorities to trust; undefined: node's own list. */
  readonly ca?: readonly string[] | undefined;
  /** undefined: everything is reached directly. */
  readonly proxies?: ProxyRules | undefined;
}

interface RequestOptions {
  readonly ca?: string[];
  readonly agent?: http.Agent;
}

/** Options for one request or WebSocket to `url`, of Node's HTTP client and of `ws`. */
export function requestOptions(
  url: URL,
  { ca, proxies }: WayOut,
  signal?: AbortSignal | undefined,
): RequestOptions {
  const proxy = proxyFor(proxies, url);
  const isSecure = url.protocol === 'https:' || url.protocol === 'wss:';
  return {
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(proxy === undefined ? {} : { agent: new TunnelAgent({ proxy, isSecure, ca, signal }) }),
  };
}

/** The same for one Socket.IO connection, whose types know agents as words alone. */
export function socketOptions(origin: string, way: WayOut): { ca?: string[]; agent?: boolean } {
  const { ca, agent } = requestOptions(new URL(origin), way);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(agent === undefined ? {} : { agent: agent as unknown as boolean }),
  };
}

import type { RequestListener } from 'node:http';

/** Numbers of one moment, for people and for Prometheus. */
export interface RelayCounters {
  readonly connections: number;
  readonly pairs: number;
  readonly waitingEnds: number;
  readonly pairsMade: number;
  readonly passedBytes: number;
  readonly bufferedBytes: number;
}

const METRICS: readonly (readonly [keyof RelayCounters, string, 'gauge' | 'counter'])[] = [
  ['connections', 'relay_connections', 'gauge'],
  ['pairs', 'relay_pairs', 'gauge'],
  ['waitingEnds', 'relay_waiting_ends', 'gauge'],
  ['pairsMade', 'relay_pairs_made_total', 'counter'],
  ['passedBytes', 'relay_passed_bytes_total', 'counter'],
  ['bufferedBytes', 'relay_buffered_bytes', 'gauge'],
];

/** `/healthz` for everybody; `/metrics` for programs on this machine. */
export function statusPages(read: () => RelayCounters): RequestListener {
  return (request, response) => {
    const path = request.url?.split('?')[0];
    const isLocal = /^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? '');
    if (request.method === 'GET' && path === '/healthz') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}\n');
    } else if (request.method === 'GET' && path === '/metrics' && isLocal) {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(asMetrics(read()));
    } else {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found.\n');
    }
  };
}

function asMetrics(counters: RelayCounters): string {
  return METRICS.map(([key, name, type]) => `# TYPE ${name} ${type}\n${name} ${counters[key]}\n`).join('');
}

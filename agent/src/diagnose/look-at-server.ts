import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { PRESENCE_PATH } from '@guruconnect/shared';
import { WebSocket } from 'ws';
import { describeError } from '../core/log.ts';
import { openTunnel } from '../proxy/open-tunnel.ts';
import { ProxyError } from '../proxy/proxy-error.ts';
import { proxyFor } from '../proxy/proxy-rules.ts';
import { requestOptions, type WayOut } from '../proxy/way-out.ts';
import type { Finding } from './diagnosis.ts';

export interface ServerToLookAt extends WayOut {
  readonly url: URL;
  /** PEM of all authorities to trust; undefined: node's own list. */
  readonly ca: readonly string[] | undefined;
  readonly timeoutMs: number;
}

const DAY_MS = 86_400_000;
const SOON_MS = 7 * DAY_MS;
/** Signed requests carry a time; a server puts up with less than this. */
const GREAT_SKEW_MS = 60_000;

function finding(title: string, outcome: Finding['outcome'], text: string): Finding {
  return { title, outcome, text };
}

/** Whether the name of the server, or of the proxy before it, leads to an address. */
export async function lookAtName(url: URL): Promise<Finding> {
  const title = 'Name';
  const host = hostOf(url);
  if (net.isIP(host)) return finding(title, 'good', `${host} is an address; no name is looked up.`);
  try {
    const found = await lookup(host, { all: true });
    return finding(title, 'good', `${host} is ${found.map((one) => one.address).join(', ')}.`);
  } catch (error) {
    const why = describeError(error);
    return finding(title, 'bad', `${host} is not found. Check the DNS servers of this computer. (${why})`);
  }
}

/** Whether anything answers at the server's port, or a proxy leads there, and how fast. */
export async function lookAtPort(server: ServerToLookAt): Promise<Finding> {
  const { url, timeoutMs } = server;
  const title = 'Connection';
  const place = `${hostOf(url)}, port ${portOf(url)}`;
  const began = performance.now();
  const proxy = proxyFor(server.proxies, url);
  try {
    const socket = proxy
      ? await tunnelTo(server, proxy)
      : net.connect({ host: hostOf(url), port: portOf(url) });
    if (!proxy) await settled(socket, 'connect', timeoutMs);
    socket.destroy();
    const ms = Math.round(performance.now() - began);
    if (proxy) return finding(title, 'good', `The proxy leads to ${place} after ${ms} ms.`);
    return finding(title, 'good', `${place} answers after ${ms} ms.`);
  } catch (error) {
    if (error instanceof ProxyError) return finding(title, 'bad', error.message);
    const why = describeError(error);
    return finding(title, 'bad', `${place} cannot be reached. A firewall may be in the way. (${why})`);
  }
}

/** Who signed the server's certificate, how long it is good, and whether this computer trusts it. */
export async function lookAtCertificate(server: ServerToLookAt): Promise<Finding> {
  const { url, ca, timeoutMs } = server;
  const title = 'Certificate';
  if (url.protocol !== 'https:') {
    return finding(title, 'doubtful', 'The server is asked without encryption (http).');
  }
  const host = hostOf(url);
  const proxy = proxyFor(server.proxies, url);
  let socket: tls.TLSSocket | undefined;
  try {
    socket = tls.connect({
      host,
      ...(proxy ? { socket: await tunnelTo(server, proxy) } : { port: portOf(url) }),
      ...(net.isIP(host) ? {} : { servername: host }),
      ...(ca === undefined ? {} : { ca: [...ca] }),
      rejectUnauthorized: false,
    });
    await settled(socket, 'secureConnect', timeoutMs);
    const { issuer, valid_to: validTo } = socket.getPeerCertificate();
    const left = Date.parse(validTo) - Date.now();
    const signed = `Signed by ${nameOf(issuer.O) || nameOf(issuer.CN) || 'nobody named'}, good until ${validTo}.`;
    if (!socket.authorized) {
      const why = `${socket.authorizationError}`;
      return finding(
        title,
        'bad',
        `${signed} This computer does not trust it (${why}). A proxy that reads along, a wrong clock, or an authority of one’s own may be the cause.`,
      );
    }
    if (left < SOON_MS) return finding(title, 'doubtful', `${signed} That is soon.`);
    return finding(title, 'good', signed);
  } catch (error) {
    return finding(title, 'bad', `No encrypted connection comes about. (${describeError(error)})`);
  } finally {
    socket?.destroy();
  }
}

/** Whether a GuruConnect server answers, and by how much the clocks differ. */
export async function lookAtAnswer({ url, timeoutMs, ...way }: ServerToLookAt): Promise<Finding[]> {
  const request = (url.protocol === 'https:' ? https : http).get(new URL('/healthz', url), {
    ...requestOptions(url, way),
    timeout: timeoutMs,
  });
  request.on('timeout', () => request.destroy(new Error('no answer in time')));
  try {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      request.on('response', resolve);
      request.on('error', reject);
    });
    response.resume();
    const { statusCode, headers } = response;
    const answer =
      statusCode === 200
        ? finding('Server', 'good', `${url.origin} answers.`)
        : finding('Server', 'bad', `${url.origin} answers with status ${statusCode}; is it GuruConnect’s?`);
    return [answer, clockOf(headers.date)];
  } catch (error) {
    return [finding('Server', 'bad', `${url.origin} gives no answer. (${describeError(error)})`)];
  }
}

function clockOf(date: string | undefined): Finding {
  const serverMs = Date.parse(date ?? '');
  if (Number.isNaN(serverMs)) return finding('Clock', 'doubtful', 'The server does not tell its time.');
  const skewMs = Date.now() - serverMs;
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Math.abs(skewMs) < GREAT_SKEW_MS) return finding('Clock', 'good', 'It is right within a minute.');
  const way = skewMs > 0 ? 'ahead of' : 'behind';
  const text = `This computer’s clock is ${seconds} s ${way} the server’s. Certificates may seem expired: set it right.`;
  return finding('Clock', 'doubtful', text);
}

/** Whether the line for calls can be opened: a proxy may let pages through and this not. */
export async function lookAtLine({ url, timeoutMs, ...way }: ServerToLookAt): Promise<Finding> {
  const title = 'Line';
  const target = new URL(`${PRESENCE_PATH}?EIO=4&transport=websocket`, url);
  target.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(target, {
    handshakeTimeout: timeoutMs,
    ...requestOptions(url, way),
  });
  try {
    const first = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no greeting in time')), timeoutMs);
      socket.on('message', (data) => resolve(String(data)));
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('it was closed')));
      socket.once('close', () => clearTimeout(timer));
    });
    if (first.startsWith('0{')) return finding(title, 'good', 'A WebSocket opens and the server greets.');
    return finding(title, 'bad', 'A WebSocket opens, but something else answers than the server.');
  } catch (error) {
    const why = describeError(error);
    return finding(title, 'bad', `No WebSocket opens; a proxy or firewall may not let it through. (${why})`);
  } finally {
    socket.removeAllListeners('error');
    socket.on('error', () => {});
    socket.terminate();
  }
}

function tunnelTo({ url, ca, timeoutMs }: ServerToLookAt, proxy: URL): Promise<net.Socket> {
  return openTunnel({ proxy, host: hostOf(url), port: portOf(url), ca, timeoutMs });
}

async function settled(
  socket: net.Socket,
  event: 'connect' | 'secureConnect',
  timeoutMs: number,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error('no answer in time')), timeoutMs);
    socket.once(event, () => {
      clearTimeout(timer);
      resolve();
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

function nameOf(part: string | string[] | undefined): string {
  return Array.isArray(part) ? part.join(', ') : (part ?? '');
}

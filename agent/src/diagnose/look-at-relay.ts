import { resolveRelayUrl } from '@guruconnect/shared';
import { WebSocket } from 'ws';
import { describeError } from '../core/log.ts';
import { proxyFor } from '../proxy/proxy-rules.ts';
import { requestOptions } from '../proxy/way-out.ts';
import type { Finding } from './diagnosis.ts';
import type { ServerToLookAt } from './look-at-server.ts';

export interface RelayFinding extends Finding {
  readonly port: string;
}

/** Whether the relay of sessions that nothing else connects can be reached. */
export async function lookAtRelay(
  relay: string,
  { url, timeoutMs, ...way }: ServerToLookAt,
): Promise<RelayFinding> {
  let about = { title: 'Relay', port: '' };
  let socket: WebSocket | undefined;
  try {
    const target = new URL(resolveRelayUrl(relay, url.origin));
    const port = target.port || (target.protocol === 'wss:' ? '443' : '80');
    about = { title: `Relay at ${target.hostname}, port ${port}`, port };
    const opened = new WebSocket(target, {
      handshakeTimeout: timeoutMs,
      followRedirects: false,
      ...requestOptions(target, way),
    });
    socket = opened;
    await new Promise<void>((resolve, reject) => {
      opened.on('open', resolve);
      opened.on('error', reject);
    });
    const byProxy = proxyFor(way.proxies, target) ? ', through the proxy' : '';
    return { ...about, outcome: 'good', text: `A WebSocket opens${byProxy}.` };
  } catch (error) {
    return { ...about, outcome: 'doubtful', text: `It cannot be reached. (${describeError(error)})` };
  } finally {
    socket?.removeAllListeners();
    socket?.on('error', () => {});
    socket?.terminate();
  }
}

import { proxyFor, proxyName } from '../proxy/proxy-rules.ts';
import type { Finding } from './diagnosis.ts';
import type { ServerToLookAt } from './look-at-server.ts';

/**
 * Which proxy leads to the server. `named`: what the environment and the system name, which need not be for this server
 * and may be of a kind that the agent does not speak.
 */
export function lookAtProxy({ url, proxies }: ServerToLookAt, named: readonly string[]): Finding {
  const title = 'Proxy';
  const proxy = proxyFor(proxies, url);
  if (proxy) {
    return { title, outcome: 'good', text: `${proxyName(proxy)} leads to the server.` };
  }
  if (named.length === 0) return { title, outcome: 'good', text: 'None is set.' };
  const list = [...new Set(named.map(withoutPassword))].join(', ');
  return {
    title,
    outcome: 'doubtful',
    text: `${list} is set, but not for this server or not as an HTTP proxy: it is connected with directly.`,
  };
}

/** People paste what a doctor prints into mails. */
function withoutPassword(proxy: string): string {
  return proxy.replace(/(^|\/\/)[^/\s]*@/, '$1***@');
}

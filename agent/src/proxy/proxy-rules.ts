import net from 'node:net';
import * as z from 'zod/mini';

/** Which proxy leads where. Plain values: they are kept in files and cross process borders. */
export const ProxyRules = z.object({
  /** URL of the proxy for `https` and `wss`, with name and password where it wants them. */
  secure: z.optional(z.string()),
  /** The same for `http` and `ws`. */
  plain: z.optional(z.string()),
  /** What is reached without a proxy, in the words of `NO_PROXY`. */
  exceptions: z.array(z.string()),
});
export type ProxyRules = z.infer<typeof ProxyRules>;

/** No proxy for anything, where somebody said so. */
export const NO_PROXIES: ProxyRules = { exceptions: [] };

/** Among the exceptions: this computer itself is reached by the proxy as well. Browsers have the same word for it. */
const WITH_LOOPBACK = '<-loopback>';

/** The proxy that leads to `url`; undefined: none does. */
export function proxyFor(rules: ProxyRules | undefined, url: URL): URL | undefined {
  if (rules === undefined) return undefined;
  const isSecure = url.protocol === 'https:' || url.protocol === 'wss:';
  const proxy = isSecure ? rules.secure : rules.plain;
  if (proxy === undefined || isExcepted(rules.exceptions, url, isSecure)) return undefined;
  return new URL(proxy);
}

/** As people may see it: without name and password. */
export function proxyName(proxy: URL): string {
  return `${proxy.protocol}//${proxy.host}`;
}

function isExcepted(exceptions: readonly string[], url: URL, isSecure: boolean): boolean {
  const host = bare(url.hostname);
  const port = url.port || (isSecure ? '443' : '80');
  if (isLoopback(host) && !exceptions.includes(WITH_LOOPBACK)) return true;
  return exceptions.some((exception) => {
    if (exception === '*') return true;
    const [name, itsPort] = splitPort(exception.toLowerCase());
    if (itsPort !== undefined && itsPort !== port) return false;
    // A leading dot, or `*.`, means what the name alone means: itself and all below it.
    const suffix = bare(name).replace(/^\*?\./, '');
    if (suffix === '') return false;
    return host === suffix || (!net.isIP(host) && host.endsWith(`.${suffix}`));
  });
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost') || host === '::1') return true;
  return net.isIPv4(host) && host.startsWith('127.');
}

/** `name:port`; an IPv6 address has colons of its own and its port behind brackets. */
function splitPort(text: string): [name: string, port: string | undefined] {
  const [, name, port] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(text) ?? [];
  return name === undefined ? [text, undefined] : [name, port];
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '').replace(/(?<=.)\.$/, '');
}

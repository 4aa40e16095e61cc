import { GuruError } from '../errors.ts';

/**
 * The WebSocket address of a relay for an end that reaches its server under `serverOrigin`. A relay's url that begins
 * with a colon, such as `:8081`, is a port of the server's own host, under whatever name this end knows it.
 */
export function resolveRelayUrl(url: string, serverOrigin: string): string {
  const origin = new URL(serverOrigin);
  const scheme = origin.protocol === 'https:' ? 'wss:' : 'ws:';
  const full = url.startsWith(':') ? `${scheme}//${origin.hostname}${url}` : url;
  const parsed = URL.canParse(full) ? new URL(full) : undefined;
  if (parsed?.protocol !== 'wss:' && parsed?.protocol !== 'ws:') {
    throw GuruError.invalid('The address of the relay is not usable.');
  }
  return parsed.href;
}

import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Who a request comes from, when proxies may stand in between. */
export interface ClientAddresses {
  /** Whether the `X-Forwarded-*` headers of this peer count. */
  isTrusted(address: string): boolean;
  /** The nearest address that is not a trusted proxy's. Works for requests and socket handshakes alike. */
  addressOf(request: IncomingMessage): string;
  /** Whether the request came from this computer, with no proxy in between. */
  isFromThisComputer(request: IncomingMessage): boolean;
}

const UNKNOWN = '0.0.0.0';

/** `trustedProxies`: addresses and networks such as `10.0.0.0/8`. */
export function createClientAddresses(trustedProxies: readonly string[]): ClientAddresses {
  const proxies = blockListOf(trustedProxies);
  const loopback = blockListOf(['127.0.0.0/8', '::1']);
  const isTrusted = (address: string) => contains(proxies, plainAddress(address));
  return {
    isTrusted,
    addressOf: (request) => {
      let address = plainAddress(request.socket.remoteAddress ?? UNKNOWN);
      // Each proxy appends whom it heard; what stands left of the first untrusted hop is hearsay.
      for (const hop of forwardedHops(request).reverse()) {
        if (!isTrusted(address)) return address;
        if (!isIPv4(hop) && !isIPv6(hop)) return address;
        address = hop;
      }
      return address;
    },
    isFromThisComputer: (request) =>
      contains(loopback, plainAddress(request.socket.remoteAddress ?? UNKNOWN)) &&
      request.headers['x-forwarded-for'] === undefined &&
      request.headers.forwarded === undefined,
  };
}

function forwardedHops(request: IncomingMessage): string[] {
  const header = request.headers['x-forwarded-for'];
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text
    .split(',')
    .map((hop) => plainAddress(hop.trim()))
    .filter((hop) => hop !== '');
}

/** IPv4 addresses arrive as `::ffff:1.2.3.4` on a socket that speaks both. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  if (isIPv4(address)) return list.check(address, 'ipv4');
  return isIPv6(address) && list.check(address, 'ipv6');
}

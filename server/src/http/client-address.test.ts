import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createClientAddresses } from './client-address.ts';

function requestFrom(peer: string, headers: Record<string, string> = {}): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const request = new IncomingMessage(socket);
  Object.assign(request.headers, headers);
  return request;
}

describe('the address of a client', () => {
  const addresses = createClientAddresses(['10.0.0.0/8', '::1', 'fd00::/8']);

  it.each([
    ['is the peer when nobody forwards', '192.0.2.1', undefined, '192.0.2.1'],
    ['ignores what a stranger claims', '192.0.2.1', '198.51.100.9', '192.0.2.1'],
    ['is what a trusted proxy says', '10.1.2.3', '198.51.100.9', '198.51.100.9'],
    ['ignores what the client itself claimed', '10.1.2.3', '1.1.1.1, 198.51.100.9', '198.51.100.9'],
    ['goes through several trusted proxies', '10.1.2.3', '198.51.100.9, 10.9.9.9', '198.51.100.9'],
    ['is the first proxy when all are trusted', '10.1.2.3', '10.0.0.7, 10.9.9.9', '10.0.0.7'],
    ['stops at nonsense', '10.1.2.3', '198.51.100.9, unknown', '10.1.2.3'],
    ['reads IPv4 in IPv6', '::ffff:10.1.2.3', '::ffff:198.51.100.9', '198.51.100.9'],
    ['reads IPv6', 'fd00::1', '2001:db8::7', '2001:db8::7'],
  ])('%s', (_what, peer, forwarded, expected) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    expect(addresses.addressOf(requestFrom(peer, headers))).toBe(expected);
  });

  it.each([
    ['127.0.0.1', {}, true],
    ['::ffff:127.0.0.1', {}, true],
    ['::1', {}, true],
    ['192.0.2.1', {}, false],
    ['10.0.0.1', {}, false],
    ['127.0.0.1', { 'x-forwarded-for': '127.0.0.1' }, false],
    ['127.0.0.1', { forwarded: 'for=127.0.0.1' }, false],
  ] as [string, Record<string, string>, boolean][])(
    'of %s with %o is this computer: %s',
    (peer, headers, expected) => {
      expect(addresses.isFromThisComputer(requestFrom(peer, headers))).toBe(expected);
    },
  );
});

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hasTurnServer, startTurnServer, type TurnServer } from '../../test/support/turn-server.ts';
import { lookAtIce } from './look-at-ice.ts';

describe.skipIf(!hasTurnServer)('with coturn', () => {
  let turn: TurnServer;
  const look = (urls: string, credentials = {}) =>
    lookAtIce({ urls, ...credentials }, { ca: [turn.ca], timeoutMs: 5_000 });

  beforeAll(async () => {
    turn = await startTurnServer();
  });
  afterAll(() => turn.stop());

  it('STUN tells the address from outside', async () => {
    const found = await look(`stun:127.0.0.1:${turn.port}`);
    expect(found).toMatchObject({ outcome: 'good', is: 'stun', over: 'UDP' });
    expect(found.text).toMatch(/from outside this computer is 127\.0\.0\.1, port \d+/);
  });

  it.each([
    ['UDP', () => `turn:127.0.0.1:${turn.port}?transport=udp`],
    ['TCP', () => `turn:127.0.0.1:${turn.port}?transport=tcp`],
    ['TLS', () => `turns:127.0.0.1:${turn.tlsPort}?transport=tcp`],
  ])('TURN gives a place over %s and gets it back', async (over, urls) => {
    const credentials = turn.credentials();
    const found = await look(urls(), credentials);
    expect(found.text).toMatch(/gives this computer a place and took it back\. \(127\.0\.0\.1, port \d+\)/);
    expect(found).toMatchObject({ outcome: 'good', is: 'turn', over });
    expect(JSON.stringify(found)).not.toContain(credentials.credential);
    await vi.waitFor(() =>
      expect(turn.output()).toMatch(new RegExp(`refreshed.*${credentials.username}.*lifetime=0`)),
    );
  });

  it('TURN refuses credentials that are made with another secret, or are wrong altogether', async () => {
    for (const wrong of [turn.credentials('another secret'), { username: 'nobody', credential: 'x' }]) {
      const found = await look(`turn:127.0.0.1:${turn.port}`, wrong);
      expect(found).toMatchObject({ outcome: 'doubtful', is: 'turn' });
      expect(found.text).toMatch(/does not take the credentials.*\(401\)/);
    }
  });

  it('TURN without credentials is asked for the address alone, and that is said', async () => {
    const found = await look(`turn:127.0.0.1:${turn.port}`);
    expect(found).toMatchObject({ outcome: 'good', is: 'stun' });
    expect(found.text).toContain('TURN itself was not tried');
  });

  it('TURN over TLS is not trusted when its certificate is not', async () => {
    const options = { ca: undefined, timeoutMs: 5_000 };
    const found = await lookAtIce(
      { urls: `turns:127.0.0.1:${turn.tlsPort}`, ...turn.credentials() },
      options,
    );
    expect(found).toMatchObject({ outcome: 'doubtful' });
    expect(found.text).toMatch(/certificate/);
  });
});

describe('without an answer', () => {
  const options = { ca: undefined, timeoutMs: 400 };

  it('UDP that nobody answers is doubtful after the time', async () => {
    const silent = createSocket('udp4');
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const urls = `turn:127.0.0.1:${silent.address().port}`;
    const found = await lookAtIce({ urls, username: 'u', credential: 'c' }, options);
    expect(found).toMatchObject({ outcome: 'doubtful', is: 'turn', over: 'UDP' });
    expect(found.text).toBe('It does not work from here: no answer.');
    silent.close();
  });

  it('garbage over UDP is taken for no answer', async () => {
    const noise = createSocket('udp4');
    noise.on('message', (request, from) => {
      const short = Buffer.from(request);
      short.writeUInt16BE(0x0101, 0);
      short.writeUInt16BE(400, 2);
      for (const bytes of [Buffer.alloc(0), Buffer.of(1), Buffer.alloc(1_200, 0xff), short]) {
        noise.send(bytes, from.port, from.address);
      }
    });
    noise.bind(0, '127.0.0.1');
    await once(noise, 'listening');
    const found = await lookAtIce({ urls: `stun:127.0.0.1:${noise.address().port}` }, options);
    expect(found.text).toBe('It does not work from here: no answer.');
    noise.close();
  });

  it('something else that listens on TCP is told as such', async () => {
    const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    const urls = `turn:127.0.0.1:${(web.address() as AddressInfo).port}?transport=tcp`;
    const found = await lookAtIce({ urls, username: 'u', credential: 'c' }, { ...options, timeoutMs: 5_000 });
    expect(found).toMatchObject({ outcome: 'doubtful', over: 'TCP' });
    expect(found.text).toContain('something else answers there');
    web.close();
  });

  it('a name that is not found, a closed port and what is no address are told', async () => {
    expect((await lookAtIce({ urls: 'stun:nowhere.invalid' }, options)).outcome).toBe('doubtful');
    const closed = await lookAtIce({ urls: 'turns:127.0.0.1:1' }, options);
    expect(closed.text).toContain('ECONNREFUSED');
    expect((await lookAtIce({ urls: 'http://example.com/' }, options)).text).toContain('no address');
  });
});

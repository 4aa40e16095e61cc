import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MachineServer } from '../../test/support/machine-server.ts';
import { selfSigned } from '../../test/support/self-signed.ts';
import { diagnose } from './diagnose.ts';
import { lookAtUdp } from './look-at-udp.ts';

const NOTHING = { ca: undefined, iceServers: [], proxies: [], stateDir: '/nowhere' };

async function look(origin: string, more: Partial<Parameters<typeof diagnose>[0]> = {}) {
  const lines: string[] = [];
  const code = await diagnose(
    { ...NOTHING, origin, ...more },
    { print: (line) => lines.push(line), systemProxies: async () => [] },
  );
  return { code, text: lines.join('\n') };
}

describe('with a server that is well', () => {
  const certificate = selfSigned();
  let server: MachineServer;

  beforeEach(async () => {
    server = new MachineServer(certificate);
    await server.start();
  });
  afterEach(() => server.stop());

  it('finds each part of the way good, and says who signed the certificate', async () => {
    const { code, text } = await look(server.origin, { ca: certificate.cert });
    expect(text).toMatch(/ok {4}Connection: 127\.0\.0\.1, port \d+ answers/);
    expect(text).toMatch(/Certificate: Signed by localhost, good until .+ That is soon\./);
    expect(text).toMatch(/ok {4}Line: A WebSocket opens and the server greets\./);
    expect(text).toContain('ok    Proxy: None is set.');
    expect(code).toBe(0);
  });

  it('tells that the certificate is not trusted', async () => {
    const { code, text } = await look(server.origin, { proxies: ['http://proxy:3128'] });
    expect(text).toMatch(/FAIL {2}Certificate: .*does not trust it/);
    expect(text).toMatch(/\? {5}Proxy: http:\/\/proxy:3128\. The agent connects directly/);
    expect(code).toBe(1);
  });
});

it('tells a clock that is wrong, and something else that answers in the server’s place', async () => {
  const page = createServer((_request, response) => {
    response.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString());
    response.end('Log in to the hotel’s network');
  }).listen(0, '127.0.0.1');
  await once(page, 'listening');
  const { port } = page.address() as AddressInfo;
  const { code, text } = await look(`http://127.0.0.1:${port}`);
  expect(text).toMatch(/\? {5}Clock: This computer’s clock is (?:3599|360\d) s behind the server’s/);
  expect(text).toMatch(/FAIL {2}Line: No WebSocket opens/);
  expect(code).toBe(1);
  page.close();
});

it('stops at what makes the rest useless', async () => {
  const { code, text } = await look('http://127.0.0.1:1');
  expect(text).toMatch(/FAIL {2}Connection/);
  expect(text).not.toContain('Line');
  expect(code).toBe(1);
});

describe('UDP', () => {
  let stun: Socket;

  beforeEach(async () => {
    stun = createSocket('udp4');
    stun.bind(0, '127.0.0.1');
    await once(stun, 'listening');
  });
  afterEach(() => stun.close());

  it('gets through when a STUN server answers, which tells the address from outside', async () => {
    stun.on('message', (request, from) => {
      const answer = Buffer.alloc(32);
      answer.writeUInt16BE(0x0101, 0);
      answer.writeUInt16BE(12, 2);
      request.copy(answer, 4, 4, 20);
      answer.writeUInt16BE(0x0020, 20);
      answer.writeUInt16BE(8, 22);
      answer.writeUInt8(1, 25);
      answer.writeUInt16BE(from.port ^ 0x2112, 26);
      answer.writeUInt32BE((0x7f00_0001 ^ 0x2112_a442) >>> 0, 28);
      stun.send(answer, from.port, from.address);
    });
    const found = await lookAtUdp(`stun:127.0.0.1:${stun.address().port}`, 5_000);
    expect(found).toMatchObject({ outcome: 'good' });
    expect(found.text).toMatch(/127\.0\.0\.1, port \d+/);
  });

  it('is doubtful when nobody answers', async () => {
    const found = await lookAtUdp(`turn:127.0.0.1:${stun.address().port}?transport=udp`, 300);
    expect(found).toMatchObject({ outcome: 'doubtful', title: 'UDP to turn:127.0.0.1' });
  });
});

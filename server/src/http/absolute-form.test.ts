import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { takeAbsoluteForm } from './absolute-form.ts';

it.each([
  ['/presence/?EIO=4', '/presence/?EIO=4'],
  ['https://help.example.com:8443/presence/?EIO=4', '/presence/?EIO=4'],
  ['HTTP://help.example.com', '/'],
  ['http://help.example.com?x=/y', '/?x=/y'],
])('takes a request and a WebSocket for %s as for %s', async (asked, expected) => {
  const server = createServer((request, response) => response.end(request.url));
  server.on('upgrade', (request, socket) => socket.end(`HTTP/1.1 403 No\r\n\r\n${request.url}`));
  takeAbsoluteForm(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  for (const more of ['Connection: close', 'Connection: upgrade\r\nUpgrade: websocket']) {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.end(`GET ${asked} HTTP/1.1\r\nHost: help.example.com\r\n${more}\r\n\r\n`);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    await once(socket, 'close');
    expect(answer.split('\r\n\r\n')[1]?.includes(expected)).toBe(true);
    expect(answer).not.toContain('help.example.com');
  }
  server.close();
});

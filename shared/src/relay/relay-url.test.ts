import { expect, it } from 'vitest';
import { resolveRelayUrl } from './relay-url.ts';

it('takes a full address as it is and a port as one of the host that the server is reached under', () => {
  expect(resolveRelayUrl('wss://relay.example/r', 'https://help.example')).toBe('wss://relay.example/r');
  expect(resolveRelayUrl(':8081', 'https://help.example:8443')).toBe('wss://help.example:8081/');
  expect(resolveRelayUrl(':8081', 'http://127.0.0.1:8080')).toBe('ws://127.0.0.1:8081/');
  expect(resolveRelayUrl(':8081/relay', 'https://[::1]:8080')).toBe('wss://[::1]:8081/relay');
});

it('refuses what is no address of a WebSocket', () => {
  for (const url of ['https://relay.example', ':x', '', 'javascript:0']) {
    expect(() => resolveRelayUrl(url, 'https://help.example')).toThrow(/not usable/);
  }
});

import { describe, expect, it } from 'vitest';
import { type ProxyRules, proxyFor, proxyName } from './proxy-rules.ts';

const SECURE = 'http://secure.corp:3128/';
const PLAIN = 'http://plain.corp:3128/';

function way(url: string, exceptions: string[] = [], rules: Partial<ProxyRules> = {}): string | undefined {
  return proxyFor({ secure: SECURE, plain: PLAIN, exceptions, ...rules }, new URL(url))?.href;
}

describe('the proxy that leads to an address', () => {
  it('goes by its scheme, WebSockets included', () => {
    expect(way('https://help.example.com')).toBe(SECURE);
    expect(way('wss://help.example.com/relay')).toBe(SECURE);
    expect(way('http://help.example.com')).toBe(PLAIN);
    expect(way('ws://help.example.com')).toBe(PLAIN);
    expect(way('https://help.example.com', [], { secure: undefined })).toBeUndefined();
    expect(proxyFor(undefined, new URL('https://help.example.com'))).toBeUndefined();
  });

  it.each([
    ['https://help.example.com', 'help.example.com'],
    ['https://help.example.com', 'example.com'],
    ['https://help.example.com', '.example.com'],
    ['https://help.example.com', '*.Example.com'],
    ['https://help.example.com', 'help.example.com:443'],
    ['https://help.example.com:8443', 'example.com:8443'],
    ['https://help.example.com.', 'help.example.com'],
    ['https://10.1.2.3', '10.1.2.3'],
    ['https://[fd00::7]', 'fd00::7'],
    ['https://[fd00::7]:8443', '[fd00::7]:8443'],
    ['https://help.example.com', '*'],
  ])('is none for %s with %s among the exceptions', (url, exception) => {
    expect(way(url, ['other.example.org', exception])).toBeUndefined();
  });

  it.each([
    ['https://help.example.com', 'example.org'],
    ['https://myexample.com', 'example.com'],
    ['https://help.example.com', 'help.example.com:8443'],
    ['https://10.1.2.30', '2.30'],
    ['https://help.example.com', '.'],
  ])('stays for %s with %s among the exceptions', (url, exception) => {
    expect(way(url, [exception])).toBe(SECURE);
  });

  it('is none for this computer itself, unless that is asked for', () => {
    for (const host of ['localhost', 'app.localhost', '127.0.0.1', '127.8.0.1', '[::1]']) {
      expect(way(`https://${host}:8443`)).toBeUndefined();
      expect(way(`https://${host}:8443`, ['<-loopback>'])).toBe(SECURE);
    }
    expect(way('https://127.example.com')).toBe(SECURE);
  });
});

it('a proxy is named without its password', () => {
  expect(proxyName(new URL('http://me:secret@proxy.corp:3128'))).toBe('http://proxy.corp:3128');
});

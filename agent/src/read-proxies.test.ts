import { GuruError } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { readCommandLine } from './config.ts';
import { namedProxies, proxyRulesOf } from './read-proxies.ts';

describe('the proxies of the environment', () => {
  it('are none where nobody has said anything', () => {
    expect(proxyRulesOf(undefined, {})).toBeUndefined();
    expect(proxyRulesOf('', { HTTPS_PROXY: '', NO_PROXY: '*' })).toBeUndefined();
  });

  it('are those of its scheme before that for all, in either case, with exceptions', () => {
    const env = {
      HTTPS_PROXY: 'secure.corp:3128',
      ALL_PROXY: 'http://all.corp:1',
      no_proxy: 'localhost, .corp  10.0.0.1,',
    };
    expect(proxyRulesOf(undefined, env)).toEqual({
      secure: 'http://secure.corp:3128/',
      plain: 'http://all.corp:1/',
      exceptions: ['localhost', '.corp', '10.0.0.1'],
    });
    expect(proxyRulesOf(undefined, { ...env, https_proxy: 'https://low.corp' })?.secure).toBe(
      'https://low.corp/',
    );
  });

  it('leave out what is for other programs, which is still named', () => {
    const env = { ALL_PROXY: 'socks5://127.0.0.1:1080' };
    expect(proxyRulesOf(undefined, env)).toBeUndefined();
    expect(namedProxies(env)).toEqual(['socks5://127.0.0.1:1080']);
  });

  it('give way to what is said, and to a word for none', () => {
    const env = { HTTPS_PROXY: 'http://a.corp:1', NO_PROXY: 'b' };
    const said = 'http://me:pass%20word@c.corp:2/';
    expect(proxyRulesOf(said, env)).toEqual({ secure: said, plain: said, exceptions: ['b'] });
    expect(proxyRulesOf('none', env)).toEqual({ exceptions: [] });
  });

  it.each(['http://', 'http://me:secret@:3128', 'http://me:secret@proxy:99999', '  secret  /'])(
    'are refused when they are none, as %j, without repeating what may be a password',
    (text) => {
      for (const read of [
        () => proxyRulesOf(undefined, { HTTPS_PROXY: text }),
        () => proxyRulesOf(text, {}),
      ]) {
        expect(read).toThrow(GuruError);
        expect(read).toThrow(/is not the address of an HTTP proxy/);
        expect(read).not.toThrow(/secret/);
      }
    },
  );
});

describe('the command line', () => {
  const SERVER = ['--server', 'help.example.com'];
  const proxies = (argv: string[], env: Record<string, string>) => {
    const read = readCommandLine([...SERVER, ...argv], { DISPLAY: ':0', ...env });
    return 'config' in read ? read.config.proxies : undefined;
  };

  it('says which proxy, before the environment', () => {
    const env = { GURUCONNECT_PROXY: 'http://b.corp:2', HTTPS_PROXY: 'http://c.corp:3' };
    expect(proxies(['--proxy', 'http://a.corp:1'], env)?.secure).toBe('http://a.corp:1/');
    expect(proxies([], env)?.secure).toBe('http://b.corp:2/');
    expect(proxies([], { HTTPS_PROXY: 'http://c.corp:3' })?.secure).toBe('http://c.corp:3/');
    expect(() => proxies(['--proxy', 'socks5://a.corp:1'], {})).toThrow(/no.* HTTP proxy/);
  });

  it('changes the proxy of the service, or takes it away, with --reconfigure', () => {
    const read = (...argv: string[]) => readCommandLine(['--reconfigure', ...argv], { HTTPS_PROXY: 'x:1' });
    expect(read('--proxy', 'http://a.corp:1')).toMatchObject({
      change: undefined,
      proxies: { secure: 'http://a.corp:1/' },
    });
    for (const nothing of ['none', '']) {
      expect(read('--proxy', nothing)).toMatchObject({ proxies: { exceptions: [] } });
    }
    expect(read('--name', 'Till')).toMatchObject({ change: { name: 'Till' }, proxies: undefined });
    expect(() => readCommandLine(['--reconfigure', '--proxy', 'a:1'], {}, 'windows')).toThrow(
      /the proxy that Windows is set to/,
    );
  });
});

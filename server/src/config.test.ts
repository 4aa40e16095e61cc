import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('the configuration', () => {
  it('needs nothing: loopback, embedded database, data beside the program', () => {
    expect(readConfig({}, [])).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDir: resolve('./data'),
      databaseUrl: undefined,
      trustedProxies: [],
      tls: undefined,
      acme: undefined,
      publicUrl: undefined,
      logLevel: 'info',
      iceServers: [],
      relay: { kind: 'own', port: 8081, url: undefined },
      backupDays: 7,
      downloadDir: undefined,
    });
  });

  it('relays by itself on the port after its own, elsewhere with a shared secret, or not at all', () => {
    const relayOf = (environment: Record<string, string>) => readConfig(environment, []).relay;
    const secret = 'a secret of thirty-two characters';
    expect(relayOf({ PORT: '0' })).toEqual({ kind: 'own', port: 0, url: undefined });
    expect(relayOf({ RELAY_PORT: '9000', RELAY_URL: 'wss://help.example.com/relay' })).toEqual({
      kind: 'own',
      port: 9000,
      url: 'wss://help.example.com/relay',
    });
    expect(relayOf({ RELAY_URL: 'wss://a.example, wss://b.example', RELAY_SECRET: secret })).toEqual({
      kind: 'others',
      urls: ['wss://a.example', 'wss://b.example'],
      secret,
    });
    expect(relayOf({ RELAY_URL: 'off' })).toBeUndefined();
    expect(() => relayOf({ RELAY_URL: 'https://a.example' })).toThrow(/RELAY_URL: must be/);
    expect(() => relayOf({ RELAY_URL: 'wss://a.example,wss://b.example' })).toThrow(/RELAY_URL: several/);
    expect(() => relayOf({ RELAY_SECRET: secret })).toThrow(/RELAY_SECRET: say in RELAY_URL/);
    expect(() => relayOf({ RELAY_URL: 'wss://a.example', RELAY_SECRET: 'short' })).toThrow(/32 characters/);
  });

  it('lists every fault at once, in plain words', () => {
    const environment = {
      HOST: 'here',
      PORT: 'eighty',
      DATABASE_URL: 'mysql://x',
      TRUSTED_PROXIES: '10.0.0.0/40',
      TLS_CERT_FILE: 'cert.pem',
      PUBLIC_URL: 'https://a.example/path',
      ICE_SERVERS: '{',
      BACKUP_DAYS: '-1',
      LOG_LEVEL: 'loud',
    };
    expect(() => readConfig(environment, ['--nope', '--data-dir'])).toThrow(
      [
        'The configuration has faults:',
        '  - --nope: there is no such option',
        '  - --data-dir: the value is missing',
        '  - HOST: must be an IP address or "localhost"',
        '  - PORT: must be a whole number from 0 to 65535',
        '  - DATABASE_URL: must begin with postgres://',
        '  - TRUSTED_PROXIES: must be addresses or networks such as 10.0.0.0/8',
        '  - PUBLIC_URL: must be an origin such as https://help.example.com',
        '  - LOG_LEVEL: must be one of debug, info, warn, error, silent',
        '  - ICE_SERVERS: must be a JSON list such as [{"urls":"stun:stun.example.com:3478"}]',
        '  - BACKUP_DAYS: must be a whole number from 0 to 3650',
      ].join('\n'),
    );
  });

  it('refuses a certificate without its key', () => {
    expect(() => readConfig({ TLS_CERT_FILE: 'cert.pem' }, [])).toThrow('set both or neither');
  });

  it('names files for signing without reading them, and wants them whole', () => {
    expect(readConfig({}, []).signing).toBeUndefined();
    const pfx = { SIGN_PFX_FILE: '/keys/acme.pfx', SIGN_PFX_PASSWORD_FILE: '/keys/password' };
    const timestamp = { SIGN_TIMESTAMP_URL: 'http://timestamp.example.com' };
    expect(readConfig({ ...pfx, ...timestamp }, []).signing).toEqual({ ...pfx, ...timestamp });
    expect(() => readConfig({ SIGN_CERT_FILE: 'cert.pem' }, [])).toThrow('set both or neither');
    const both = { ...pfx, SIGN_CERT_FILE: 'cert.pem', SIGN_KEY_FILE: 'key.pem' };
    expect(() => readConfig(both, [])).toThrow('set one of them');
  });

  it('sends mail when it has a mail server and a sender', () => {
    const url = 'smtp://name:p%40ss@mail.example.com:587';
    const from = 'Acme Support <support@example.com>';
    expect(readConfig({ SMTP_URL: url, SMTP_FROM: from }, []).mail).toEqual({ url, from });
    expect(readConfig({}, []).mail).toBeUndefined();
    expect(() => readConfig({ SMTP_URL: url }, [])).toThrow('SMTP_URL and SMTP_FROM');
    expect(() => readConfig({ SMTP_URL: 'mail.example.com', SMTP_FROM: from }, [])).toThrow('SMTP_URL');
    expect(() => readConfig({ SMTP_URL: url, SMTP_FROM: 'a@b.c\nBcc: d@e.f' }, [])).toThrow('SMTP_FROM');
  });

  it('orders certificates by ACME for the domains it is given', () => {
    expect(readConfig({}, []).acme).toBeUndefined();
    expect(readConfig({ ACME_DOMAIN: 'Help.example.com, b.example.com' }, []).acme).toEqual({
      domains: ['help.example.com', 'b.example.com'],
      email: undefined,
      directoryUrl: 'https://acme-v02.api.letsencrypt.org/directory',
      caFile: undefined,
      httpPort: 80,
    });
    for (const domain of [
      '*.example.com',
      'localhost',
      '192.0.2.1',
      'a..b',
      ',',
      'a/b.example',
      '-a.example',
    ]) {
      expect(() => readConfig({ ACME_DOMAIN: domain }, []), domain).toThrow(
        'ACME_DOMAIN: must be host names',
      );
    }
    const wrong = { ACME_DOMAIN: 'a.example', ACME_EMAIL: 'a@b,c@d', ACME_DIRECTORY_URL: 'http://a.example' };
    expect(() => readConfig(wrong, [])).toThrow(/ACME_EMAIL[\s\S]*ACME_DIRECTORY_URL/);
    const both = { ACME_DOMAIN: 'a.example', TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: 'key.pem' };
    expect(() => readConfig(both, [])).toThrow('set one of them');
  });

  it('lets arguments win over the environment', () => {
    const config = readConfig({ PORT: '1', HOST: '::1' }, ['--port', '0', '--log-level=debug']);
    expect(config).toMatchObject({ port: 0, host: '::1', logLevel: 'debug' });
  });

  it('takes an empty variable for an unset one', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: '' }, []).port).toBe(8080);
  });

  it('reads secrets from files', () => {
    const directory = mkdtempSync(join(tmpdir(), 'gc-config-'));
    const file = join(directory, 'url');
    writeFileSync(file, 'postgres://user:secret@db/guru\n');
    expect(readConfig({ DATABASE_URL_FILE: file }, []).databaseUrl).toBe('postgres://user:secret@db/guru');
    rmSync(directory, { recursive: true });
    expect(() => readConfig({ DATABASE_URL_FILE: file }, [])).toThrow('DATABASE_URL_FILE');
  });

  it('reads lists: proxies and ICE servers', () => {
    const config = readConfig(
      {
        TRUSTED_PROXIES: '10.0.0.0/8, ::1',
        ICE_SERVERS: '[{"urls":"turn:t.example","username":"u","credential":"c"}]',
        PUBLIC_URL: 'https://help.example.com/',
      },
      [],
    );
    expect(config.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    expect(config.iceServers).toEqual([{ urls: 'turn:t.example', username: 'u', credential: 'c' }]);
    expect(config.publicUrl).toBe('https://help.example.com');
  });
});

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
      backupDays: 7,
      downloadDir: undefined,
    });
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

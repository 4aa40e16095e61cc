import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRelayConfig } from './config.ts';

const RELAY_SECRET = 'a secret of thirty-two characters or more';

it('needs the secret alone', () => {
  expect(readRelayConfig({ RELAY_SECRET })).toEqual({
    host: '127.0.0.1',
    port: 8081,
    secret: RELAY_SECRET,
    tlsFiles: undefined,
  });
});

it('reads the secret from a file', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'guruconnect-relay-')), 'secret');
  writeFileSync(file, `${RELAY_SECRET}\n`);
  expect(readRelayConfig({ RELAY_SECRET_FILE: file }).secret).toBe(RELAY_SECRET);
});

it('listens beyond this computer with TLS, or behind a proxy that is said to be there', () => {
  const beyond = { RELAY_SECRET, RELAY_HOST: '0.0.0.0', RELAY_PORT: '443' };
  expect(() => readRelayConfig(beyond)).toThrow(/TLS_CERT_FILE: needed beyond this computer/);
  expect(readRelayConfig({ ...beyond, RELAY_BEHIND_PROXY: 'yes' }).tlsFiles).toBeUndefined();
  expect(readRelayConfig({ ...beyond, TLS_CERT_FILE: 'c', TLS_KEY_FILE: 'k' })).toMatchObject({
    port: 443,
    tlsFiles: { certFile: 'c', keyFile: 'k' },
  });
});

it('lists every fault at once', () => {
  const environment = { RELAY_SECRET: 'short', RELAY_PORT: '70000', TLS_KEY_FILE: 'k' };
  expect(() => readRelayConfig(environment)).toThrow(
    /RELAY_PORT: [\s\S]*RELAY_SECRET: [\s\S]*both or neither/,
  );
});

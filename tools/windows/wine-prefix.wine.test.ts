import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryOf } from './prefix-processes.ts';
import { WinePrefix } from './wine-prefix.ts';

let wine: WinePrefix;
beforeAll(async () => {
  wine = await WinePrefix.create();
});
afterAll(() => wine.close());

describe('a Windows of its own', () => {
  it('is Windows 10', async () => {
    const output = await wine.runOrFail('cmd', ['/c', 'ver']);
    expect(output).toMatch(/Windows 10\./);
  });

  it('gives programs only the environment that they are to have', async () => {
    const { output } = await wine.run('cmd', ['/c', 'set'], { env: { GIVEN: 'one "two" three' } });
    expect(output).toContain('GIVEN=one "two" three\r\n');
    // Vitest sets it for us.
    expect(process.env.VITEST).toBeDefined();
    expect(output).not.toContain('VITEST');
  });

  it('says what a program returned', async () => {
    expect(await wine.run('cmd', ['/c', 'exit 7'])).toMatchObject({ code: 7 });
    await expect(wine.runOrFail('cmd', ['/c', 'echo why & exit 7'])).rejects.toThrow(/returned 7:\nwhy/);
  });

  it('ends a program that runs for too long', async () => {
    const forever = wine.runProgram('keep-awake.c', [], { timeoutMs: 1_500 });
    await expect(forever).rejects.toThrow(/had not ended after 1500 ms. It printed:\nawake/);
    expect(wine.processes().filter(({ name }) => name.startsWith('keep-awake'))).toEqual([]);
  });

  it('keeps what programs write to the desktop and to Downloads inside', () => {
    const user = join(
      wine.driveC,
      'users',
      readdirSync(join(wine.driveC, 'users')).find((name) => name !== 'Public') ?? '',
    );
    expect(readdirSync(join(user, 'Downloads'))).toEqual([]);
    expect(wine.windows(join(user, 'Downloads'))).toMatch(/^C:\\users\\[^\\]+\\Downloads$/);
    expect(wine.local('c:\\WINDOWS\\System32')).toBe(join(wine.driveC, 'windows', 'system32'));
  });
});

describe('its registry', () => {
  const KEY = 'HKLM\\Software\\GuruConnectTest';

  it('keeps texts of any language and numbers, until the key is deleted', async () => {
    expect(await wine.readKey(KEY)).toBeUndefined();
    await wine.writeValue(KEY, 'Company', 'Müller & Søn "東京"');
    await wine.writeValue(KEY, 'Interval', 30);
    await wine.writeValue(KEY, '@', 'default');
    expect(Object.fromEntries((await wine.readKey(KEY)) ?? [])).toEqual({
      '@': 'default',
      Company: 'Müller & Søn "東京"',
      Interval: 30,
    });
    await wine.deleteKey(KEY);
    expect(await wine.readKey(KEY)).toBeUndefined();
  });
});

describe('its processes', () => {
  it('are told apart from those of others, and stop with it', async () => {
    const other = await WinePrefix.create();
    try {
      const awake = await other.keepAwake();
      const names = other.processes().map(({ name }) => name);
      expect(names).toContain('services.exe');
      expect(other.processes().map(({ pid }) => pid)).toContain(awake.pid);
      expect(wine.processes().map(({ pid }) => pid)).not.toContain(awake.pid);
      const memory = memoryOf(awake.pid);
      expect(memory.residentBytes).toBeGreaterThan(memory.privateBytes);
      expect(memory.privateBytes).toBeGreaterThan(100_000);
      await other.stop();
      expect(other.processes()).toEqual([]);
      expect(awake.isRunning).toBe(false);
    } finally {
      await other.close();
    }
    expect(existsSync(other.folder)).toBe(false);
  });
});

describe('an authority that it is told to trust', () => {
  let folder: string;
  let server: Server;
  let port: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'guruconnect-authority-'));
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    const fresh = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl(
      ...fresh,
      '-x509',
      '-subj',
      '/CN=Test authority',
      '-days',
      '9',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    );
    openssl(...fresh, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
    writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost');
    const signed = [
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
    ];
    openssl(...signed, '-days', '9', '-extfile', 'names', '-out', 'server.pem');
    const [key, cert] = ['server.key', 'server.pem'].map((name) => readFileSync(join(folder, name)));
    server = createServer({ key, cert }, (_, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = String((server.address() as AddressInfo).port);
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes HTTPS work that is refused before', async () => {
    const fetchPage = () => wine.runProgram('fetch-page.c', ['localhost', port, '/']);
    // ERROR_WINHTTP_SECURE_INVALID_CA, or the failure that sums it up.
    expect((await fetchPage()).output).toMatch(/error 121(57|75|69|45)/);
    await wine.trust(readFileSync(join(folder, 'ca.pem'), 'utf8'));
    expect(await fetchPage()).toMatchObject({ output: expect.stringContaining('status 200'), code: 0 });
  });
});

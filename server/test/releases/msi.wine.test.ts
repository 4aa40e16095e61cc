import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWineMachine, type WineMachine } from '../../../tools/windows/wine-machine.ts';
import type { WinePrefix } from '../../../tools/windows/wine-prefix.ts';
import type { ApiClient } from '../support/api-client.ts';
import { newInstaller } from '../support/new-installer.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { createPgliteData, type TestDatabase } from '../support/test-databases.ts';
import { writeWindowsBuild } from './support/windows-build.ts';

const PROGRAMS = 'C:\\Program Files\\GuruConnect';
const STATE = 'C:\\ProgramData\\GuruConnect';
const KEYS = {
  settings: 'HKLM\\Software\\GuruConnect',
  service: 'HKLM\\System\\CurrentControlSet\\Services\\GuruConnect',
  safeBoot: 'HKLM\\System\\CurrentControlSet\\Control\\SafeBoot\\Network\\GuruConnect',
  protocol: 'HKLM\\Software\\Classes\\guruconnect',
  run: 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run',
  uninstall: 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall',
};

// The order of these counts: one computer goes through the life of an installed agent.
describe('the MSI of an installer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gc-msi-'));
  let machine: WineMachine;
  let wine: WinePrefix;
  let database: TestDatabase;
  let server: TestServer;
  let admin: ApiClient;
  let tokens: { first: string; second: string };

  const newToken = async (companyId: string) => {
    return (await admin.call('createInstaller', { body: newInstaller(companyId) })).token;
  };
  const save = async (token: string, file: string, name = file) => {
    const response = await fetch(`${server.localUrl}/download/installer/${token}/${file}`);
    expect(response.status).toBe(200);
    const path = join(folder, name);
    writeFileSync(path, Buffer.from(await response.arrayBuffer()));
    return wine.windows(path);
  };
  const build = (version: string) => writeWindowsBuild(join(folder, 'windows'), { version });
  const msiexec = async (...args: string[]) => (await wine.run('msiexec', [...args, '/qn'])).code;
  const setting = (name: string) => wine.readValue(KEYS.settings, name);
  const serviceState = async () => (await wine.run('sc', ['query', 'GuruConnect'])).output;
  const isThere = (path: string) => existsSync(wine.local(path));

  beforeAll(async () => {
    machine = await startWineMachine({ windowManager: false });
    wine = machine.wine;
    build('1.2.3');
    database = await createPgliteData();
    server = await startTestServer({ database, config: { windowsBuildDir: join(folder, 'windows') } });
    admin = await server.setUp();
    const { companyId } = await admin.call('createCompany', { body: { name: 'Müller & Söhne' } });
    tokens = { first: await newToken(companyId), second: await newToken(companyId) };
  });
  afterAll(async () => {
    await machine.close();
    await server.close();
    await database.remove();
    rmSync(folder, { recursive: true });
  });

  it('installs without a question: programs, service, settings, protocol, tray, Safe Mode', async () => {
    const msi = await save(tokens.first, 'GuruConnect.msi', 'first.msi');
    expect(await msiexec('/i', msi, 'SITE=Head office', 'TAGS=kiosk,win')).toBe(0);
    expect(readdirSync(wine.local(PROGRAMS)).sort()).toEqual(['GuruConnect.exe', 'guruconnect-service.exe']);
    expect(await setting('Token')).toBe(tokens.first);
    expect([await setting('Site'), await setting('Tags'), await setting('Name')]).toEqual([
      'Head office',
      'kiosk,win',
      '',
    ]);
    expect(await setting('Package')).toBe(msi);
    // Windows puts quotes around the path; Wine does not.
    const command = String(await wine.readValue(KEYS.service, 'ImagePath')).replaceAll('"', '');
    expect(command).toBe(`${PROGRAMS}\\guruconnect-service.exe --service`);
    expect(await wine.readValue(KEYS.service, 'Start')).toBe(2);
    expect(await serviceState()).toMatch(/STATE\s+: 4/);
    expect(await wine.readValue(KEYS.safeBoot, '@')).toBe('Service');
    expect(await wine.readValue(`${KEYS.protocol}\\shell\\open\\command`, '@')).toBe(
      `"${PROGRAMS}\\GuruConnect.exe" --url "%1"`,
    );
    expect(await wine.readValue(KEYS.run, 'GuruConnect')).toBe(`"${PROGRAMS}\\GuruConnect.exe" --tray`);
    expect(isThere(`${STATE}\\identity.json`)).toBe(true);
  });

  it('of a newer version takes the place of the old one, and what the agent knows stays', async () => {
    build('1.3.0');
    const msi = await save(tokens.second, 'GuruConnect.msi', 'second.msi');
    expect(await msiexec('/i', msi)).toBe(0);
    expect(await setting('Token')).toBe(tokens.second);
    expect(await serviceState()).toMatch(/STATE\s+: 4/);
    expect(isThere(`${STATE}\\identity.json`)).toBe(true);
    expect(await installed()).toEqual(['1.3.0']);
  });

  it('of an older version is refused, and changes nothing', async () => {
    expect(await msiexec('/i', wine.windows(join(folder, 'first.msi')))).not.toBe(0);
    expect(await installed()).toEqual(['1.3.0']);
    expect(await setting('Token')).toBe(tokens.second);
    expect(await serviceState()).toMatch(/STATE\s+: 4/);
  });

  it('leaves nothing when it is uninstalled', async () => {
    expect(await msiexec('/x', wine.windows(join(folder, 'second.msi')))).toBe(0);
    expect(await installed()).toEqual([]);
    expect([isThere(PROGRAMS), isThere(STATE)]).toEqual([false, false]);
    for (const key of [KEYS.settings, KEYS.service, KEYS.safeBoot, KEYS.protocol]) {
      expect(await wine.readKey(key), key).toBeUndefined();
    }
    expect(await wine.readValue(KEYS.run, 'GuruConnect')).toBeUndefined();
  });

  it('takes the token of a transform where Group Policy gives it one', async () => {
    const mst = await save(tokens.first, 'guruconnect.mst');
    const msi = wine.windows(join(folder, 'second.msi'));
    expect(await msiexec('/i', msi, `TRANSFORMS=${mst}`)).toBe(0);
    expect(await setting('Token')).toBe(tokens.first);
    expect(await msiexec('/x', msi)).toBe(0);
  });

  /** Versions in the list of installed programs. */
  async function installed(): Promise<unknown[]> {
    const { output } = await wine.run('reg', ['query', KEYS.uninstall]);
    const versions = [];
    for (const key of output.split(/\r?\n/).filter((line) => line.includes('\\Uninstall\\'))) {
      const values = await wine.readKey(key.trim());
      if (values?.get('DisplayName') === 'GuruConnect Agent') versions.push(values.get('DisplayVersion'));
    }
    return versions;
  }
});

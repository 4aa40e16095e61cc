import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startWineMachine, type WineMachine } from '../../../tools/windows/wine-machine.ts';
import { newInstaller } from '../support/new-installer.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { createPgliteData, type TestDatabase } from '../support/test-databases.ts';

const ENROLS = { timeout: 90_000, interval: 500 };

// With the real programs of dist/windows.
describe.each([
  { kind: 'an MSI', file: 'GuruConnect.msi', isSigned: false },
  { kind: 'a signed MSI, by the blob of its signature', file: 'GuruConnect.msi', isSigned: true },
  { kind: 'Setup, by its file name', file: 'GuruConnect.exe', isSigned: false },
])('$kind', ({ file, isSigned }) => {
  const folder = mkdtempSync(join(tmpdir(), 'gc-installed-'));
  let machine: WineMachine;
  let database: TestDatabase;
  let server: TestServer;

  beforeAll(async () => {
    const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-keyout', key],
        ...['-out', certificate, '-subj', '/CN=Acme', '-addext', 'extendedKeyUsage=codeSigning'],
      ],
      { stdio: 'ignore' },
    );
    database = await createPgliteData();
    const signing = isSigned ? { SIGN_CERT_FILE: certificate, SIGN_KEY_FILE: key } : undefined;
    server = await startTestServer({ database, config: { signing } });
    machine = await startWineMachine({ windowManager: false });
  });
  afterAll(async () => {
    await machine.close();
    await server.close();
    await database.remove();
    rmSync(folder, { recursive: true });
  });

  it('brings a Windows machine of its installer online, and takes it away again', async () => {
    const { wine } = machine;
    const admin = await server.setUp();
    const { companyId } = await admin.call('createCompany', { body: { name: 'Office' } });
    const body = newInstaller(companyId, { site: 'North', tags: ['win'] });
    const { token, installer } = await admin.call('createInstaller', { body });
    const response = await fetch(`${server.localUrl}/download/installer/${token}/${file}`);
    expect(response.status).toBe(200);
    const name = file.endsWith('.msi') ? file : `GuruConnect-Setup-${token}.exe`;
    const path = join(wine.driveC, name);
    writeFileSync(path, Buffer.from(await response.arrayBuffer()));
    if (file.endsWith('.msi')) await wine.runOrFail('msiexec', ['/i', wine.windows(path), '/qn']);
    else wine.start(path);

    const params = { installerId: installer.installerId };
    await vi.waitFor(async () => {
      const { machines } = await admin.call('installerMachines', { params });
      expect(machines).toMatchObject([{ online: true }]);
    }, ENROLS);
    const state = () => existsSync(wine.local('C:\\ProgramData\\GuruConnect'));
    expect(state()).toBe(true);

    const service = 'C:\\Program Files\\GuruConnect\\guruconnect-service.exe';
    if (file.endsWith('.msi')) await wine.runOrFail('msiexec', ['/x', wine.windows(path), '/qn']);
    else await wine.runOrFail(service, ['--uninstall', '--purge']);
    expect(state()).toBe(false);
    expect(await wine.readKey('HKLM\\Software\\GuruConnect')).toBeUndefined();
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createShiftedClock } from '../sessions/support/shifted-clock.ts';
import type { ApiClient } from '../support/api-client.ts';
import { newInstaller } from '../support/new-installer.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { createPgliteData, type TestDatabase } from '../support/test-databases.ts';
import { readResources } from './support/read-resources.ts';
import { writeWindowsBuild } from './support/windows-build.ts';

const PASSWORD = 'a password of the PFX';

describe('signing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gc-signing-'));
  const file = (name: string) => join(folder, name);
  const clock = createShiftedClock();
  let database: TestDatabase;
  let server: TestServer;
  let admin: ApiClient;
  let token: string;

  const start = async (signing: Record<string, string>) => {
    server = await startTestServer({
      database,
      clock,
      config: { windowsBuildDir: file('windows'), signing },
    });
  };
  const restart = async (signing: Record<string, string>) => {
    await server.close();
    await start(signing);
    admin = await server.signIn('ada', 'correct horse battery');
  };
  const save = async (path: string, name: string) => {
    const response = await fetch(server.localUrl + path);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([response.status, bytes.length > 1000]).toEqual([200, true]);
    writeFileSync(file(name), bytes);
    return bytes;
  };
  const verify = (name: string) => {
    try {
      return execFileSync('osslsigncode', ['verify', '-CAfile', file('cert.pem'), file(name)], {
        encoding: 'utf8',
      });
    } catch (error) {
      return `refused: ${error instanceof Error ? Reflect.get(error, 'stdout') : error}`;
    }
  };
  const windows = async () => (await admin.call('getReleases')).windows;

  beforeAll(async () => {
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
    openssl(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30'],
      ...['-keyout', file('key.pem'), '-out', file('cert.pem'), '-subj', '/O=Acme/CN=Acme Software GmbH'],
      ...['-addext', 'extendedKeyUsage=codeSigning'],
    );
    openssl(
      ...['pkcs12', '-export', '-out', file('acme.pfx'), '-inkey', file('key.pem')],
      ...['-in', file('cert.pem'), '-passout', `pass:${PASSWORD}`],
    );
    writeFileSync(file('password'), `${PASSWORD}\n`);
    writeWindowsBuild(file('windows'), { version: '1.2.3' });
    database = await createPgliteData();
    await start({ SIGN_PFX_FILE: file('acme.pfx'), SIGN_PFX_PASSWORD_FILE: file('password') });
    admin = await server.setUp();
    const { companyId } = await admin.call('createCompany', { body: { name: 'Office' } });
    ({ token } = await admin.call('createInstaller', { body: newInstaller(companyId) }));
  });
  afterAll(async () => {
    await server.close();
    await database.remove();
    rmSync(folder, { recursive: true });
  });

  it('covers programs with all that was put into them', async () => {
    const bytes = await save('/download/windows/GuruConnect-847291.exe', 'one-time.exe');
    expect(readResources(bytes).has('GCPACK')).toBe(true);
    expect(verify('one-time.exe')).toContain('Signature verification: ok');
    const changed = Buffer.from(bytes);
    changed.writeUInt8((changed[2000] ?? 0) ^ 1, 2000);
    writeFileSync(file('changed.exe'), changed);
    expect(verify('changed.exe')).toMatch(/^refused/);
    expect(await windows()).toMatchObject({ signedBy: 'Acme Software GmbH', signingProblem: null });
    expect((await server.browser().call('portalConfig')).windows?.unsigned).toBe(false);
  });

  it('covers the Setup program, and the service inside it', async () => {
    const bytes = await save(`/download/installer/${token}/GuruConnect.exe`, 'setup.exe');
    writeFileSync(file('service.exe'), readResources(bytes).get('GCSERVICE') ?? '');
    for (const name of ['setup.exe', 'service.exe']) {
      expect(verify(name)).toContain('Signature verification: ok');
    }
  });

  it('holds for an MSI with any token, which stands in the blob of the signature', async () => {
    const bytes = await save(`/download/installer/${token}/GuruConnect.msi`, 'signed.msi');
    expect(verify('signed.msi')).toContain('Signature verification: ok');
    expect(bytes.includes(`---BEGIN_BLOB---${token}\0`)).toBe(true);
    const properties = execFileSync('msiinfo', ['export', file('signed.msi'), 'Property'], {
      encoding: 'utf8',
    });
    expect(properties).not.toContain(token);
  });

  it('works with a certificate and a key as well', async () => {
    await restart({ SIGN_CERT_FILE: file('cert.pem'), SIGN_KEY_FILE: file('key.pem') });
    expect(await windows()).toMatchObject({ signedBy: 'Acme Software GmbH', signingProblem: null });
    await save('/download/windows/GuruConnect.exe', 'pem.exe');
    expect(verify('pem.exe')).toContain('Signature verification: ok');
  });

  it('that does not work says why, and programs go out unsigned', async () => {
    writeFileSync(file('wrong'), 'wrong');
    await restart({ SIGN_PFX_FILE: file('acme.pfx'), SIGN_PFX_PASSWORD_FILE: file('wrong') });
    expect(await windows()).toMatchObject({
      signedBy: null,
      signingProblem: 'The PFX for signing cannot be opened with this password.',
    });
    await save('/download/windows/GuruConnect.exe', 'unsigned.exe');
    expect(verify('unsigned.exe')).toMatch(/^refused/);
    await restart({ SIGN_PFX_FILE: file('gone.pfx') });
    expect((await windows())?.signingProblem).toContain('cannot be read');
  });

  it('goes on when it is whole again', async () => {
    const files = { SIGN_CERT_FILE: file('cert.pem'), SIGN_KEY_FILE: file('other-key.pem') };
    execFileSync('openssl', ['genrsa', '-out', file('other-key.pem'), '2048'], { stdio: 'ignore' });
    writeWindowsBuild(file('windows'), { version: '1.2.4' });
    await restart(files);
    const failed = await fetch(`${server.localUrl}/download/windows/GuruConnect.exe`);
    expect([failed.status, await failed.text()]).toEqual([503, expect.stringContaining('Try again')]);
    expect((await windows())?.signingProblem).toContain('osslsigncode failed');
    await save('/download/windows/GuruConnect.exe', 'meanwhile.exe');
    execFileSync('cp', [file('key.pem'), file('other-key.pem')]);
    clock.shift(6 * 60_000);
    await save('/download/windows/GuruConnect.exe', 'again.exe');
    expect(verify('again.exe')).toContain('Signature verification: ok');
    expect((await windows())?.signingProblem).toBeNull();
  });
});

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApiBody } from '@guruconnect/shared';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolMachine } from '../machines/support/enrol-machine.ts';
import { createShiftedClock } from '../sessions/support/shifted-clock.ts';
import type { ApiClient } from '../support/api-client.ts';
import { newInstaller } from '../support/new-installer.ts';
import { openTestDatabase } from '../support/open-test-database.ts';
import { startTestServer, type TestServer } from '../support/start-test-server.ts';
import { createPgliteData, type TestDatabase } from '../support/test-databases.ts';
import { readResources } from './support/read-resources.ts';
import { sha256, writeWindowsBuild } from './support/windows-build.ts';

const FILES = ['GuruConnect.exe', 'GuruConnect.msi', 'guruconnect.mst', 'guruconnect.deb', 'install.sh'];

/** Runs a script while the server of this process goes on. */
async function runScript(path: string, env = process.env): Promise<{ status: number; stdout: string }> {
  const child = spawn('sh', [path], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  const [status] = await once(child, 'close');
  return { status: Number(status), stdout };
}

const isRoot = process.getuid?.() === 0;
/** Enrols, as far as its package is concerned. */
const STAND_IN_AGENT = `
import { writeFileSync } from 'node:fs';
const args = process.argv.slice(2);
const stateDir = args[args.indexOf('--state-dir') + 1] ?? '--';
if (process.env.FAIL) process.exit(1);
if (stateDir.startsWith('--') || !args.includes('--state-dir')) {
  console.log(JSON.stringify({ args, token: process.env.GURUCONNECT_TOKEN, folder: import.meta.url }));
  process.exit(7);
}
writeFileSync(stateDir + '/identity.json', JSON.stringify({ args, token: process.env.GURUCONNECT_TOKEN }));
`;

describe('an installer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gc-installers-'));
  const clock = createShiftedClock();
  let database: TestDatabase;
  let server: TestServer;
  let admin: ApiClient;
  let companyId: string;

  const start = () =>
    startTestServer({
      database,
      clock,
      config: { windowsBuildDir: join(folder, 'windows'), downloadDir: folder },
    });
  const make = async (changes: Partial<ApiBody<'createInstaller'>> = {}) => {
    const body = newInstaller(companyId, { name: 'Office', ...changes });
    const { installer, token } = await admin.call('createInstaller', { body });
    return { installerId: installer.installerId, token };
  };
  const get = async (token: string, file: string) => {
    const response = await fetch(`${server.localUrl}/download/installer/${token}/${file}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, bytes };
  };
  const saved = async (token: string, file: string) => {
    const { status, bytes } = await get(token, file);
    expect(status).toBe(200);
    const path = join(folder, `${sha256(token).slice(0, 8)}-${file}`);
    writeFileSync(path, bytes);
    return path;
  };
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });

  beforeAll(async () => {
    const program = join(folder, 'guruconnect-agent');
    run('mkdir', '-p', program);
    run('cp', 'installers/linux/guruconnect-agent.service', program);
    writeFileSync(join(program, 'main.mjs'), STAND_IN_AGENT);
    run('tar', '-czf', join(folder, 'guruconnect-agent-linux-x64.tar.gz'), '-C', folder, 'guruconnect-agent');
    writeWindowsBuild(join(folder, 'windows'), { version: '1.2.3' });
    database = await createPgliteData();
    server = await start();
    admin = await server.setUp();
    ({ companyId } = await admin.call('createCompany', { body: { name: 'Müller & Söhne' } }));
  });
  afterAll(async () => {
    await server.close();
    await database.remove();
    rmSync(folder, { recursive: true });
  });

  it('shows its token again to whoever may make installers, and that is written down', async () => {
    const { installerId, token } = await make();
    expect(await admin.call('revealInstaller', { params: { installerId } })).toEqual({ token });
    const { entries } = await admin.call('listAudit', { query: {} });
    expect(entries[0]).toMatchObject({ action: 'installer.revealed', details: { installerId } });
    expect(JSON.stringify(entries)).not.toContain(token);
  });

  it('keeps its token where reading the database does not give it', async () => {
    const { token } = await make();
    await server.close();
    const handle = await openTestDatabase(database);
    const { rows } = await handle.db.execute(sql`SELECT * FROM installers`);
    expect(JSON.stringify(rows)).not.toContain(token);
    await handle.close();
    server = await start();
    admin = await server.signIn('ada', 'correct horse battery');
  });

  it('of before this version, or that is not good any more, shows no token', async () => {
    const { installerId } = await make({ name: 'Old' });
    await server.close();
    const handle = await openTestDatabase(database);
    await handle.db.execute(sql`UPDATE installers SET sealed_token = NULL WHERE name = 'Old'`);
    await handle.close();
    server = await start();
    admin = await server.signIn('ada', 'correct horse battery');
    const params = { installerId };
    await expect(admin.call('revealInstaller', { params })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('make a new one'),
    });
    const other = await make();
    await admin.call('revokeInstaller', { params: { installerId: other.installerId } });
    await expect(
      admin.call('revealInstaller', { params: { installerId: other.installerId } }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('lists the machines that came from it', async () => {
    const { installerId, token } = await make();
    const first = await enrolMachine(server.localUrl, token, { hostname: 'first', hardwareId: sha256('1') });
    const second = await enrolMachine(server.localUrl, token, {
      hostname: 'second',
      hardwareId: sha256('2'),
    });
    const { machines, total } = await admin.call('installerMachines', { params: { installerId } });
    expect(machines.map(({ machineId, name, online }) => [machineId, name, online])).toEqual([
      [second.machineId, 'second', false],
      [first.machineId, 'first', false],
    ]);
    expect(total).toBe(2);
  });

  it('gives one same answer for tokens that are unknown, expired, used up and revoked', async () => {
    const revoked = await make();
    await admin.call('revokeInstaller', { params: { installerId: revoked.installerId } });
    const usedUp = await make({ maxUses: 1 });
    await enrolMachine(server.localUrl, usedUp.token, { hardwareId: sha256('3') });
    const expired = await make({ expiresAt: clock.now() + 60_000 });
    clock.shift(61_000);
    const answers = [];
    for (const token of ['A'.repeat(43), 'short', revoked.token, usedUp.token, expired.token]) {
      for (const file of FILES.slice(0, 3)) {
        const { status, headers, bytes } = await get(token, file);
        answers.push(`${status} ${headers.get('content-type')} ${bytes}`);
      }
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^404 text\/plain.*not good/);
  });

  it('is a program with the service inside, and the token in nothing but its name', async () => {
    const { token } = await make();
    const { headers, bytes } = await get(token, 'GuruConnect.exe');
    expect(headers.get('content-disposition')).toBe(`attachment; filename="GuruConnect-Setup-${token}.exe"`);
    expect(headers.get('cache-control')).toContain('no-store');
    expect(bytes.includes(token)).toBe(false);
    const service = readResources(bytes).get('GCSERVICE') ?? Buffer.alloc(0);
    expect([...readResources(service).keys()].sort()).toEqual(['GCCONFIG', 'GCMANIFEST', 'GCSIGNATURE']);
    const other = await make();
    expect((await get(other.token, 'GuruConnect.exe')).bytes.equals(bytes)).toBe(true);
  });

  it('is an MSI with its own token and package code, and the same bytes each time', async () => {
    const { token } = await make();
    const path = await saved(token, 'GuruConnect.msi');
    const properties = run('msiinfo', 'export', path, 'Property');
    expect(properties).toContain(`\nTOKEN\t${token}\r\n`);
    expect(properties).toContain('\nProductVersion\t1.2.3\r\n');
    expect(properties).toMatch(/SecureCustomProperties\t.*;TOKEN;SITE;TAGS;NAME;DEPARTMENT;DEVICETYPE/);
    expect(properties).not.toContain(server.url);
    const other = await saved((await make()).token, 'GuruConnect.msi');
    const codeOf = (file: string) => /Revision number.*: (\{.*\})/.exec(run('msiinfo', 'suminfo', file))?.[1];
    expect(codeOf(path)).toMatch(/^\{[0-9A-F-]{36}\}$/);
    expect(codeOf(other)).not.toBe(codeOf(path));
    expect(run('msiinfo', 'export', other, 'Property').replace(/^TOKEN.*$/m, '')).toBe(
      properties.replace(/^TOKEN.*$/m, ''),
    );
    expect(sha256((await get(token, 'GuruConnect.msi')).bytes)).toBe(
      sha256((await get(token, 'GuruConnect.msi')).bytes),
    );
  });

  it('is a Debian package whose token root alone can read', async () => {
    const { token } = await make();
    const path = await saved(token, 'guruconnect.deb');
    expect(run('dpkg-deb', '--field', path, 'Package', 'Depends')).toBe(
      'Package: guruconnect-agent\nDepends: nodejs (>= 20), libc6\n',
    );
    const content = run('dpkg-deb', '--contents', path);
    expect(content).toMatch(/^-rw------- root\/root\s+44 .* \.\/etc\/guruconnect-agent\/token$/m);
    expect(content).toMatch(/^-rw-r--r-- root\/root .* \.\/opt\/guruconnect-agent\/main\.mjs$/m);
    const unpacked = join(folder, 'unpacked');
    run('dpkg-deb', '--raw-extract', path, unpacked);
    expect(run('cat', join(unpacked, 'etc/guruconnect-agent/token'))).toBe(`${token}\n`);
    expect(run('grep', '-rl', token, unpacked).trim()).toBe(join(unpacked, 'etc/guruconnect-agent/token'));
    expect(run('cat', join(unpacked, 'DEBIAN/postinst'))).toContain(`server='${server.url}'`);
    for (const script of ['postinst', 'prerm', 'postrm']) run('sh', '-n', join(unpacked, 'DEBIAN', script));
  });

  it.runIf(isRoot)(
    'makes the computer a machine when the package is installed, and lets go of it when that is purged',
    async () => {
      const { token } = await make();
      const path = await saved(token, 'guruconnect.deb');
      const root = join(folder, 'computer');
      run('mkdir', '-p', join(root, 'var/lib/dpkg/info'), join(root, 'var/lib/dpkg/updates'));
      writeFileSync(join(root, 'var/lib/dpkg/status'), '');
      const at = (file: string) => join(root, file);
      const dpkg = (...args: string[]) =>
        run(
          'dpkg',
          `--root=${root}`,
          '--force-depends',
          '--force-script-chrootless',
          `--log=${at('log')}`,
          ...args,
        );
      process.env.FAIL = 'yes';
      expect(() => dpkg('--install', path)).toThrow('dpkg --configure');
      expect(existsSync(at('etc/guruconnect-agent/token'))).toBe(true);
      delete process.env.FAIL;
      dpkg('--configure', 'guruconnect-agent');
      const identity = at('var/lib/guruconnect/identity.json');
      const enrolled = JSON.parse(readFileSync(identity, 'utf8'));
      expect(enrolled).toEqual({
        args: ['--enrol', '--server', server.url, '--state-dir', at('var/lib/guruconnect')],
        token,
      });
      expect(existsSync(at('etc/guruconnect-agent/token'))).toBe(false);
      expect(statSync(at('var/lib/guruconnect')).mode & 0o777).toBe(0o700);
      expect(readFileSync(at('lib/systemd/system/guruconnect-agent.service'), 'utf8')).toContain(
        'ExecStart=/usr/bin/node /opt/guruconnect-agent/main.mjs --service',
      );
      // A newer package of another installer leaves the machine as it is.
      dpkg('--install', await saved((await make()).token, 'guruconnect.deb'));
      expect(JSON.parse(readFileSync(identity, 'utf8'))).toEqual(enrolled);
      expect(existsSync(at('etc/guruconnect-agent/token'))).toBe(false);
      dpkg('--remove', 'guruconnect-agent');
      expect([existsSync(at('opt/guruconnect-agent')), existsSync(identity)]).toEqual([false, true]);
      dpkg('--purge', 'guruconnect-agent');
      expect([existsSync(identity), existsSync(at('etc/guruconnect-agent'))]).toEqual([false, false]);
    },
  );

  it.runIf(isRoot)('is a line for the shell that fetches the agent and installs it', async () => {
    const { token } = await make();
    const { status, stdout } = await runScript(await saved(token, 'install.sh'));
    const ran = JSON.parse(stdout.split('\n').at(-2) ?? '');
    expect(ran).toMatchObject({ args: ['--install-service', '--server', server.url], token });
    expect([status, existsSync(fileURLToPath(ran.folder))]).toEqual([7, false]);
  });

  it('for one session on Linux is one file that unpacks itself and leaves nothing behind', async () => {
    const response = await fetch(`${server.localUrl}/download/linux/GuruConnect-847291.run`);
    expect(response.headers.get('content-disposition')).toContain('GuruConnect-847291.run');
    const path = join(folder, 'GuruConnect-847291.run');
    writeFileSync(path, Buffer.from(await response.arrayBuffer()));
    const env = { PATH: process.env.PATH, DISPLAY: ':1' };
    const { status, stdout } = await runScript(path, env);
    const ran = JSON.parse(stdout);
    expect(ran.args).toEqual(['--server', server.url, '--code', '847291']);
    expect([status, existsSync(fileURLToPath(ran.folder))]).toEqual([7, false]);
    for (const name of ['GuruConnect-84729.run', 'GuruConnect-847291.RUN', "GuruConnect-';id;'.run"]) {
      expect((await fetch(`${server.localUrl}/download/linux/${name}`)).status).toBe(404);
    }
  });

  it('lets nobody try tokens without end', async () => {
    const statuses = new Set<number>();
    for (let tries = 0; tries < 40; tries += 1)
      statuses.add((await get('B'.repeat(43), 'install.sh')).status);
    expect([...statuses]).toEqual([404, 429]);
  });
});

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { newInstaller } from '../server/test/support/new-installer.ts';
import { ManagedProcess } from '../tools/stack/managed-process.ts';
import { stageOfThisFile } from './support/stage.ts';

const run = promisify(execFile);
const stage = stageOfThisFile();
const isRoot = process.getuid?.() === 0;

async function save(url: string, path: string): Promise<string> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  writeFileSync(path, Buffer.from(await response.arrayBuffer()));
  return path;
}

test('one file brings a Linux desktop into the session and leaves nothing behind (E1)', async () => {
  const stack = await stage.startStack();
  const desktop = await stage.startDesktop({ width: 800, height: 600, windowManager: false });
  const { id: sessionId, code } = await stack.createSession();
  const temporary = stage.newFolder('tmp-');
  const name = `GuruConnect-${code}.run`;
  const file = await save(`${stack.url}/download/linux/${name}`, join(stage.newFolder('down-'), name));
  const program = new ManagedProcess({
    name: 'run',
    program: 'sh',
    args: [file],
    env: { ...desktop.env, TMPDIR: temporary, XDG_RUNTIME_DIR: stage.newFolder('run-') },
  });
  stage.defer(() => program.stop());
  await program.waitFor(/^Connected\./m, 60_000);
  const { endpoint } = await stack.admin.call('getSession', { params: { sessionId } });
  expect(endpoint.kind).toBe('agent');

  await stack.admin.call('endSession', { params: { sessionId } });
  expect(await program.ended).toMatchObject({ code: 0 });
  expect(readdirSync(temporary)).toEqual([]);
});

test.runIf(isRoot)('a Debian package makes a computer a machine, until it is purged (U1, B2)', async () => {
  const stack = await stage.startStack();
  const { companyId } = await stack.admin.call('createCompany', { body: { name: 'Office' } });
  const body = newInstaller(companyId, { site: 'North', tags: ['deb'] });
  const { installer, token } = await stack.admin.call('createInstaller', { body });
  const root = stage.newFolder('root-');
  for (const folder of ['info', 'updates'])
    mkdirSync(join(root, 'var/lib/dpkg', folder), { recursive: true });
  writeFileSync(join(root, 'var/lib/dpkg/status'), '');
  const dpkg = (...args: string[]) =>
    run('dpkg', [
      `--root=${root}`,
      '--force-depends',
      '--force-script-chrootless',
      `--log=${join(root, 'log')}`,
      ...args,
    ]);

  const url = `${stack.url}/download/installer/${token}/guruconnect.deb`;
  const { stdout } = await dpkg('--install', await save(url, join(stage.newFolder('down-'), 'agent.deb')));
  expect(stdout).toMatch(/This computer is enrolled as /);
  const params = { installerId: installer.installerId };
  const { machines } = await stack.admin.call('installerMachines', { params });
  expect(machines).toHaveLength(1);
  await dpkg('--purge', 'guruconnect-agent');
  expect(existsSync(join(root, 'var/lib/guruconnect'))).toBe(false);
});

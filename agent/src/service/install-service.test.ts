import { execFile } from 'node:child_process';
import { access, lstat, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installService, readUnitTemplate, UNIT, uninstallService } from './install-service.ts';

const run = promisify(execFile);
const TEMPLATE = fileURLToPath(new URL(`../../../installers/linux/${UNIT}`, import.meta.url));
const UNIT_FILE = `etc/systemd/system/${UNIT}`;
const WANTED = `etc/systemd/system/multi-user.target.wants/${UNIT}`;
const COMMAND = 'usr/local/bin/guruconnect-agent';

let root: string;
let programDir: string;
let said: string[];
const print = (line: string) => said.push(line);
const at = (file: string) => path.join(root, file);
const isThere = (file: string) =>
  lstat(at(file)).then(
    () => true,
    () => false,
  );

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'gc-root-'));
  programDir = await mkdtemp(path.join(tmpdir(), 'gc-program-'));
  await mkdir(path.join(programDir, 'node_modules', 'x'), { recursive: true });
  await writeFile(path.join(programDir, 'main.mjs'), 'console.log(process.argv.slice(2).join(" "));\n');
  await writeFile(path.join(programDir, 'node_modules', 'x', 'index.js'), '');
  said = [];
});
afterEach(async () => {
  await rm(root, { recursive: true });
  await rm(programDir, { recursive: true });
});

async function install(): Promise<void> {
  const unitTemplate = await readUnitTemplate(['/nowhere', TEMPLATE]);
  await installService({ root, programDir, unitTemplate, node: process.execPath, print });
}

describe('installing the service', () => {
  it('puts program, command and unit in their places and has the unit start with the system', async () => {
    await mkdir(at('etc/ssl/certs'), { recursive: true });
    await writeFile(at('etc/ssl/certs/ca-certificates.crt'), '');
    await install();
    const unit = await readFile(at(UNIT_FILE), 'utf8');
    expect(unit).toContain(`ExecStart=${process.execPath} /opt/guruconnect-agent/main.mjs --service\n`);
    expect(unit).toContain('Environment=NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt\n');
    expect(unit).toContain('Restart=always\n');
    expect(unit).not.toContain('__');
    expect(await isThere('opt/guruconnect-agent/node_modules/x/index.js')).toBe(true);
    expect(await isThere(WANTED)).toBe(true);
    expect((await stat(at('var/lib/guruconnect'))).mode & 0o777).toBe(0o700);
    await access(at(COMMAND));
    expect((await stat(at(COMMAND))).mode & 0o777).toBe(0o755);
    expect(said.at(-1)).toMatch(/starts with the next start of the computer/);
  });

  it('writes a unit that systemd has nothing to say about', async () => {
    await install();
    const { stderr } = await run('systemd-analyze', ['verify', '--man=no', at(UNIT_FILE)]);
    expect(stderr).toBe('');
  });

  it('over an older one replaces the program and keeps the identity', async () => {
    await install();
    await writeFile(at('opt/guruconnect-agent/old-file'), '');
    await writeFile(at('var/lib/guruconnect/identity.json'), 'mine');
    await install();
    expect(await isThere('opt/guruconnect-agent/old-file')).toBe(false);
    expect(await isThere('opt/guruconnect-agent.new')).toBe(false);
    expect(await readFile(at('var/lib/guruconnect/identity.json'), 'utf8')).toBe('mine');
  });

  it('is undone, with the identity when that is asked for', async () => {
    await install();
    await writeFile(at('var/lib/guruconnect/identity.json'), 'mine');
    await uninstallService({ root, print }, false);
    for (const file of [UNIT_FILE, WANTED, COMMAND, 'opt/guruconnect-agent']) {
      expect(await isThere(file)).toBe(false);
    }
    expect(await isThere('var/lib/guruconnect/identity.json')).toBe(true);
    expect(said.at(-1)).toMatch(/stays in \/var\/lib\/guruconnect/);
    await uninstallService({ root, print }, true);
    expect(await isThere('var/lib/guruconnect')).toBe(false);
  });
});

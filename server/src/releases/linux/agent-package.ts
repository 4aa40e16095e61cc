import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Artifact, findArtifact, keepArtifact, writeWhole } from '../programs/artifact.ts';

const run = promisify(execFile);
const compress = promisify(gzip);

const NAME = 'guruconnect-agent-linux-x64.tar.gz';
const COMMAND = '#!/bin/sh\nexec /usr/bin/node /opt/guruconnect-agent/main.mjs "$@"\n';
const BLOCK = 512;

/** The agent for Linux as `npm run build` packed it; it may be built anew while the server runs. */
export class AgentPackage {
  readonly #deps: { directory: string; cacheDir: string };
  #making: Promise<Artifact> | undefined;

  constructor(deps: { directory: string; cacheDir: string }) {
    this.#deps = deps;
  }

  /** undefined where it is not built. `stamp` changes with every build. */
  async find(): Promise<{ path: string; size: number; stamp: string } | undefined> {
    const path = join(this.#deps.directory, NAME);
    const found = await stat(path).catch(() => undefined);
    return (
      found && { path, size: found.size, stamp: `${found.mtimeMs.toString(36)}-${found.size.toString(36)}` }
    );
  }

  /**
   * The beginning of a Debian package's `data.tar.gz`: program, command and service, without the archive's end, so that
   * more may follow. Made once per build; undefined where there is no build.
   */
  async debianFiles(): Promise<Artifact | undefined> {
    const found = await this.find();
    if (!found) return undefined;
    const path = join(this.#deps.cacheDir, 'linux', `${found.stamp}.tar.gz`);
    const there = await findArtifact(path);
    if (there) return there;
    this.#making ??= this.#make(found.path, path).finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  async #make(source: string, target: string): Promise<Artifact> {
    await rm(dirname(target), { recursive: true, force: true });
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(dirname(target), 'deb-'));
    try {
      await layOut(source, folder);
      const archive = await pack(folder);
      await writeWhole(target, await compress(withoutEnd(archive), { level: 4 }));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return keepArtifact(target);
  }
}

async function layOut(source: string, folder: string): Promise<void> {
  const opt = join(folder, 'opt');
  const units = join(folder, 'lib', 'systemd', 'system');
  for (const path of [opt, units, join(folder, 'usr', 'bin')])
    await mkdir(path, { recursive: true, mode: 0o755 });
  await run('tar', ['-xzf', source, '-C', opt]);
  await writeFile(join(folder, 'usr', 'bin', 'guruconnect-agent'), COMMAND, { mode: 0o755 });
  const name = 'guruconnect-agent.service';
  const unit = await readFile(join(opt, 'guruconnect-agent', name), 'utf8');
  const authorities = 'Environment=NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt';
  await writeFile(
    join(units, name),
    unit.replaceAll('__NODE__', '/usr/bin/node').replaceAll('__CA__', authorities),
  );
  await cp(join(units, name), join(opt, 'guruconnect-agent', name));
}

/** The same files give the same archive: the order is fixed and no time or owner is in it. */
async function pack(folder: string): Promise<Buffer> {
  const target = `${folder}.tar`;
  const stable = ['--sort=name', '--mtime=@0', '--owner=root:0', '--group=root:0', '--format=gnu'];
  await run('tar', [...stable, '--mode=u+rwX,go+rX,go-w', '-cf', target, '-C', folder, '.']);
  try {
    return await readFile(target);
  } finally {
    await rm(target, { force: true });
  }
}

/** Its last file is the command, so that no zeros of a file are taken for the end. */
function withoutEnd(archive: Buffer): Buffer {
  let end = archive.length;
  while (end >= BLOCK && archive.subarray(end - BLOCK, end).every((byte) => byte === 0)) end -= BLOCK;
  return archive.subarray(0, end);
}

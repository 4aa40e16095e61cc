import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until as untilSoon } from '../../../../../e2e/support/until.ts';
import { newInstaller } from '../../../../../server/test/support/new-installer.ts';
import { buildParts } from '../../../../../tools/build/build-all.mjs';
import { runAgentCommand } from '../../../../../tools/stack/always-on-agent.ts';
import { ApiClient } from '../../../../../tools/stack/api-client.ts';
import { Cleanup } from '../../../../../tools/stack/cleanup.ts';
import { type ServerProcess, startServerProcess } from '../../../../../tools/stack/server-process.ts';
import { compileWindowsProgram } from '../../../../../tools/windows/compile-windows-program.ts';
import { WinePrefix } from '../../../../../tools/windows/wine-prefix.ts';
import { buildService } from '../../../build.mjs';
import { ReleaseProxy } from './release-proxy.ts';
import { makePack, makeRelease, type Release, ReleaseKey, type ReleaseParts } from './test-release.ts';

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));
const PROGRAMS = join(dirname(fileURLToPath(import.meta.url)), '..', 'programs');
const ADMIN = { username: 'admin', password: 'correct horse battery 1', name: 'Ada Admin' };

/** A real server behind a proxy, a Windows, and the service built: everything that tests of the service want. */
export class ServiceStage {
  readonly cleanup = new Cleanup();
  readonly key = new ReleaseKey();
  readonly admin: ApiClient;
  readonly proxy: ReleaseProxy;
  server: ServerProcess;
  #dataDir: string;
  #node: Buffer;
  #program: Buffer;

  private constructor(parts: {
    proxy: ReleaseProxy;
    server: ServerProcess;
    dataDir: string;
    node: Buffer;
    program: Buffer;
  }) {
    this.proxy = parts.proxy;
    this.server = parts.server;
    this.#dataDir = parts.dataDir;
    this.#node = parts.node;
    this.#program = parts.program;
    this.proxy.target = this.server.url;
    this.admin = new ApiClient(this.server.url);
    this.cleanup.defer(() => this.server.process.stop());
    this.cleanup.defer(() => this.proxy.close());
  }

  /** `pollSeconds`: how often machines ask for a new version; often by default, since tests wait for that. */
  static async start({ pollSeconds = 5 } = {}): Promise<ServiceStage> {
    await buildParts(ROOT, ['server', 'agent']);
    const program = readFileSync(await buildService());
    const node = readFileSync(await compileWindowsProgram(join(PROGRAMS, 'fake-node.c')));
    const dataDir = mkdtempSync(join(tmpdir(), 'guruconnect-service-data-'));
    const proxy = await ReleaseProxy.start(pollSeconds);
    const server = await startServerProcess({ root: ROOT, dataDir });
    const stage = new ServiceStage({ proxy, server, dataDir, node, program });
    if (!server.setupToken) throw new Error('No set-up link was printed.');
    await stage.admin.setUp(server.setupToken, ADMIN);
    return stage;
  }

  /** Ends the server as a crash would; {@link resume} starts it on the same port. */
  async stopServer(): Promise<void> {
    await this.server.process.stop();
  }

  async resume(): Promise<void> {
    this.server = await startServerProcess({ root: ROOT, dataDir: this.#dataDir, port: this.server.port });
  }

  /** A version of the agent for this deployment; `behaviour` is how its node behaves, see programs/fake-node.c. */
  release(version: string, more: Partial<ReleaseParts> & { behaviour?: string } = {}): Release {
    const { behaviour = '', ...parts } = more;
    const release = makeRelease({
      version,
      program: this.#program,
      pack: makePack(this.#node, `${behaviour} ${version}`),
      key: this.key,
      origin: this.proxy.url,
      ...parts,
    });
    this.proxy.publish(release);
    return release;
  }

  async crashingProgram(): Promise<Buffer> {
    return readFileSync(await compileWindowsProgram(join(PROGRAMS, 'crash.c')));
  }

  async newWindows(): Promise<WinePrefix> {
    const wine = await WinePrefix.create();
    this.cleanup.defer(() => wine.close());
    return wine;
  }

  /** The text of a fresh `identity.json`, enrolled by the agent for Linux, and the machine's id. */
  async enrol(): Promise<{ identity: string; machineId: string }> {
    const companies = await this.admin.call('listCompanies', {});
    const known = companies.companies[0];
    const company = known ?? (await this.admin.call('createCompany', { body: { name: 'Acme' } }));
    const { token } = await this.admin.call('createInstaller', {
      body: newInstaller(company.companyId, { maxUses: 1 }),
    });
    const stateDir = mkdtempSync(join(tmpdir(), 'guruconnect-identity-'));
    try {
      await runAgentCommand(['--enrol', '--server', this.proxy.url, '--token', token], {
        root: ROOT,
        stateDir,
      });
      const identity = readFileSync(join(stateDir, 'identity.json'), 'utf8');
      return { identity, machineId: JSON.parse(identity).enrolment.machineId };
    } finally {
      rmSync(stateDir, { recursive: true });
    }
  }

  async isOnline(machineId: string): Promise<boolean> {
    return (await this.admin.call('getMachine', { params: { machineId } })).row.online;
  }

  async close(): Promise<void> {
    await this.cleanup.run();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}

/** Where the service keeps its state in this Windows. */
export function stateFolder(wine: WinePrefix): string {
  const folder = join(wine.driveC, 'ProgramData', 'GuruConnect');
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function writeIdentity(wine: WinePrefix, identity: string): void {
  writeFileSync(join(stateFolder(wine), 'identity.json'), identity);
}

/** {@link untilSoon} with the patience that Wine asks for; the service's log as `what` tells why it did not come. */
export function until(
  what: string | (() => string),
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<number> {
  return untilSoon(what, isSo, timeoutMs);
}

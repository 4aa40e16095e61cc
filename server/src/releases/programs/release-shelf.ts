import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { GuruError, type LauncherConfig, type WindowsBuild } from '@guruconnect/shared';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log, ServerKeys, Settings } from '../../core/ports.ts';
import { TokenBucket } from '../../core/token-bucket.ts';
import type { Signer } from '../signer/signer.ts';
import { type Artifact, findArtifact, sameFile, writeWhole } from './artifact.ts';
import type { ProgramMaker } from './program-maker.ts';
import { ReleaseSet } from './release-set.ts';
import type { WindowsBuildFolder } from './windows-build.ts';

export interface ReleaseShelfDeps {
  readonly folder: WindowsBuildFolder;
  readonly cacheDir: string;
  readonly settings: Settings;
  readonly keys: ServerKeys;
  readonly clock: Clock;
  readonly log: Log;
  readonly maker: ProgramMaker;
  readonly signer: Signer;
  /** PEM of the server's own authority; empty when it has another's certificate. */
  readonly authority: string;
  /** Address under which programs are made without asking who wants them. */
  readonly ownOrigin: () => string;
}

/** Raise it when programs are made in another way, so that old ones are not taken for new. */
const LAYOUT = 1;
/** Each address by which the server is known has programs of its own, 20 MB. */
const MAX_SETS = 8;
/** Manifests of so many sets that are gone stay, for machines in the middle of an update. */
const MAX_MANIFESTS = 32;
/** Who asks under ever new names must not keep the processor busy. */
const NEW_ORIGINS = { capacity: MAX_SETS, refillPerSecond: 1 / 60 };

/** Configured programs by the address that they are for, kept on disk. */
export class ReleaseShelf {
  readonly #deps: ReleaseShelfDeps;
  readonly #sets = new Map<string, ReleaseSet>();
  readonly #budget: TokenBucket;
  /** By which the server was asked for programs. */
  readonly #origins = new Set<string>();
  /** Of machines' manifests that were published already. */
  readonly #published = new Set<string>();

  constructor(deps: ReleaseShelfDeps) {
    this.#deps = deps;
    this.#budget = new TokenBucket(NEW_ORIGINS, deps.clock.now());
  }

  /** undefined where nothing is built for Windows. Throws `too-many-requests` when there are too many new names. */
  async setFor(origin: string): Promise<ReleaseSet | undefined> {
    const { folder, settings, keys, signer, authority } = this.#deps;
    const build = await folder.current();
    if (!build) return undefined;
    this.#admit(origin);
    const { privateKeyPem, publicKeySpkiBase64Url } = await keys.signingKey('release');
    const config: LauncherConfig = {
      format: 1,
      origin,
      releaseKey: publicKeySpkiBase64Url,
      company: settings.current().companyName,
      version: build.version,
      ca: origin.startsWith('https:') ? authority : '',
    };
    const identity = await signer.identity();
    // From here to the place in the map nothing is awaited: two that ask at once get the same set.
    const key = keyOf(build, config, identity?.fingerprint);
    const known = this.#sets.get(key);
    if (known) return known;
    const { cacheDir, maker } = this.#deps;
    const directory = join(cacheDir, 'sets', key);
    const set = new ReleaseSet({
      directory,
      store: cacheDir,
      build,
      buildPath: (file) => folder.path(file),
      config,
      privateKeyPem,
      maker,
      signer: identity ? signer : undefined,
      signedBy: identity?.name ?? null,
    });
    this.#sets.set(key, set);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await this.#touch(directory);
    await this.#prune();
    return set;
  }

  #admit(origin: string): void {
    const { clock, ownOrigin } = this.#deps;
    if (this.#origins.has(origin) || origin === ownOrigin()) return;
    if (!this.#budget.take(clock.now())) {
      throw GuruError.tooManyRequests(this.#budget.secondsUntilNext(clock.now()));
    }
    // Those that are in use come back at once.
    if (this.#origins.size >= MAX_SETS) this.#origins.clear();
    this.#origins.add(origin);
  }

  /** The manifest that installed machines of that address are to have. */
  async publish(set: ReleaseSet): Promise<Artifact> {
    const manifest = await set.manifest();
    if (!this.#published.has(manifest.sha256)) {
      const at = this.manifestPaths(manifest.sha256);
      await sameFile(set.signaturePath, at.signature);
      await sameFile(manifest.path, at.manifest);
      this.#published.add(manifest.sha256);
    }
    return manifest;
  }

  manifestPaths(sha256: string): { manifest: string; signature: string } {
    const base = join(this.#deps.cacheDir, 'manifests', sha256);
    return { manifest: `${base}.json`, signature: `${base}.sig` };
  }

  blob(sha256: string): Promise<Artifact | undefined> {
    return findArtifact(join(this.#deps.cacheDir, 'blobs', sha256));
  }

  async #touch(directory: string): Promise<void> {
    const now = new Date(this.#deps.clock.now());
    await writeWhole(join(directory, 'last-asked'), '');
    await utimes(join(directory, 'last-asked'), now, now);
  }

  /** Removes sets that nobody asked for in the longest time, and files that no manifest names any more. */
  async #prune(): Promise<void> {
    const { cacheDir, log } = this.#deps;
    try {
      const old = (await byAge(join(cacheDir, 'sets'), 'last-asked')).slice(MAX_SETS);
      for (const name of old) {
        this.#sets.delete(name);
        await rm(join(cacheDir, 'sets', name), { recursive: true, force: true });
      }
      const manifests = (await byAge(join(cacheDir, 'manifests'))).filter((name) => name.endsWith('.json'));
      for (const name of manifests.slice(MAX_MANIFESTS)) await this.#forget(name.replace(/\.json$/, ''));
      if (manifests.length > MAX_MANIFESTS) await this.#dropBlobs(manifests.slice(0, MAX_MANIFESTS));
    } catch (error) {
      log.warn({ err: error }, 'old programs could not be removed');
    }
  }

  async #forget(sha256: string): Promise<void> {
    this.#published.delete(sha256);
    const { manifest, signature } = this.manifestPaths(sha256);
    await rm(manifest, { force: true });
    await rm(signature, { force: true });
  }

  async #dropBlobs(manifests: readonly string[]): Promise<void> {
    const { cacheDir } = this.#deps;
    const texts = await Promise.all(
      manifests.map((name) => readFile(join(cacheDir, 'manifests', name), 'utf8')),
    );
    const isNamed = (blob: string) => texts.some((text) => text.includes(blob.slice(0, 64)));
    for (const blob of await readdir(join(cacheDir, 'blobs'))) {
      if (!isNamed(blob)) await rm(join(cacheDir, 'blobs', blob), { force: true });
    }
  }
}

function keyOf(build: WindowsBuild, config: LauncherConfig, fingerprint: string | undefined): string {
  const hashes = [build.files.pack, build.files.ui, build.files.service].map(({ sha256 }) => sha256);
  return createHash('sha256')
    .update(canonicalJson({ layout: LAYOUT, hashes, config, signer: fingerprint ?? null }))
    .digest('hex')
    .slice(0, 40);
}

/** Names in a folder, the newest first, by the time of the entry or of a file inside it. */
async function byAge(folder: string, inside = ''): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const dated = await Promise.all(
    names.map(async (name) => ({
      name,
      at: await stat(join(folder, name, inside)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    })),
  );
  return dated.sort((left, right) => right.at - left.at).map(({ name }) => name);
}

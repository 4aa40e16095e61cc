import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeReleaseManifest, type LauncherConfig, type WindowsBuild } from '@guruconnect/shared';
import type { Signer } from '../signer/signer.ts';
import { type Artifact, findArtifact, hashFile, keepArtifact, sameFile, writeWhole } from './artifact.ts';
import type { ProgramMaker } from './program-maker.ts';
import { signManifest } from './sign-manifest.ts';
import type { ProgramResource } from './worker-messages.ts';

export interface ReleaseSetOptions {
  /** Of this set alone. */
  readonly directory: string;
  /** Of all sets: files by their hash, manifests by theirs. */
  readonly store: string;
  readonly build: WindowsBuild;
  /** Where the files of the build lie. */
  readonly buildPath: (file: { readonly name: string }) => string;
  readonly config: LauncherConfig;
  readonly privateKeyPem: string;
  readonly maker: ProgramMaker;
  /** undefined: programs are handed out unsigned. */
  readonly signer: Signer | undefined;
  readonly signedBy: string | null;
}

/** The programs of one version for one address of the server; each is made when it is first asked for, and kept. */
export class ReleaseSet {
  readonly options: ReleaseSetOptions;
  readonly #making = new Map<string, Promise<Artifact>>();

  constructor(options: ReleaseSetOptions) {
    this.options = options;
  }

  /** The service program of installed machines. */
  service(): Promise<Artifact> {
    return this.artifact('guruconnect-service.exe', (target) => this.#program('service', target, []));
  }

  /** The window program without the pack: of installed machines, and the small form of the one-time program. */
  ui(): Promise<Artifact> {
    return this.artifact('GuruConnect.exe', (target) => this.#program('ui', target, []));
  }

  /** The one-time program with everything inside. */
  oneTime(): Promise<Artifact> {
    return this.artifact('one-time.exe', async (target) => {
      const { path } = await this.pack();
      await this.#program('ui', target, [{ name: 'GCPACK', file: path }]);
    });
  }

  /** The window program with the service program inside: installs itself, with the token of its file name. */
  setup(): Promise<Artifact> {
    return this.artifact('setup.exe', async (target) => {
      const { path } = await this.service();
      await this.#program('ui', target, [{ name: 'GCSERVICE', file: path }]);
    });
  }

  /** The runtime pack, checked, kept apart from the build, which may be replaced. */
  pack(): Promise<Artifact> {
    const { build, buildPath, store } = this.options;
    const { pack } = build.files;
    const path = join(store, 'blobs', pack.sha256);
    return this.artifactAt(path, async (target) => {
      const source = buildPath(pack);
      if ((await hashFile(source)) !== pack.sha256) {
        throw new Error('The pack is not the one of the release; it is being built anew, or damaged.');
      }
      await writeWhole(target, await readFile(source));
    });
  }

  /** What installed machines are to have, with its signature at {@link signaturePath}. */
  manifest(): Promise<Artifact> {
    return this.artifact('manifest.json', async (target) => {
      const { store, privateKeyPem } = this.options;
      const [service, ui] = [await this.service(), await this.ui()];
      await this.pack();
      for (const { path, sha256 } of [service, ui]) {
        await sameFile(path, join(store, 'blobs', sha256));
        await keepArtifact(join(store, 'blobs', sha256));
      }
      const text = this.#manifestText({ service, ui });
      await writeWhole(target, text);
      await writeWhole(this.signaturePath, signManifest(text, privateKeyPem));
    });
  }

  get signaturePath(): string {
    return join(this.options.directory, 'manifest.sig');
  }

  /** A file of the set that `make` writes when it is not there yet; asked for twice at once, it is made once. */
  artifact(name: string, make: (target: string) => Promise<void>): Promise<Artifact> {
    return this.artifactAt(join(this.options.directory, name), make);
  }

  artifactAt(path: string, make: (target: string) => Promise<void>): Promise<Artifact> {
    const running = this.#making.get(path);
    if (running) return running;
    const made = (async () => {
      const found = await findArtifact(path);
      if (found) return found;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await make(`${path}.new`);
      await rename(`${path}.new`, path);
      return keepArtifact(path);
    })();
    this.#making.set(path, made);
    // A failed one is tried again the next time; one that is there costs a look at the disk.
    void made.catch(() => undefined).finally(() => this.#making.delete(path));
    return made;
  }

  async #program(kind: 'ui' | 'service', target: string, more: ProgramResource[]): Promise<void> {
    const { build, buildPath, config, maker, signer } = this.options;
    const source = build.files[kind];
    const manifest = this.#manifestText(null);
    const signature = await this.#packSignature(manifest);
    await maker.make({
      source: buildPath(source),
      sourceSha256: source.sha256,
      target,
      resources: [
        { name: 'GCCONFIG', base64: base64(JSON.stringify(config)) },
        { name: 'GCMANIFEST', base64: base64(manifest) },
        { name: 'GCSIGNATURE', base64: signature.toString('base64') },
        ...more,
      ],
    });
    if (signer) await signer.sign(target);
  }

  /** The same in all programs of the set. */
  async #packSignature(manifest: string): Promise<Buffer> {
    const { directory, privateKeyPem } = this.options;
    const { path } = await this.artifactAt(join(directory, 'pack-manifest.sig'), (target) =>
      writeWhole(target, signManifest(manifest, privateKeyPem)),
    );
    return readFile(path);
  }

  #manifestText(programs: { service: Artifact; ui: Artifact } | null): string {
    const { build } = this.options;
    return encodeReleaseManifest({
      version: build.version,
      platform: build.platform,
      pack: build.files.pack,
      service: programs?.service ?? null,
      ui: programs?.ui ?? null,
    });
  }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

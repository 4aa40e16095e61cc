import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeReleaseManifest, type LauncherConfig, releaseManifestText } from '@guruconnect/shared';
import { NtExecutable, NtExecutableResource } from 'resedit';

const RT_RCDATA = 10;
const ENGLISH = 1033;

/** A manifest with its signature, as a server hands it out. */
export interface SignedManifest {
  readonly text: Buffer;
  readonly signature: Buffer;
  readonly sha256: string;
  readonly version: string;
}

export interface Release extends SignedManifest {
  /** By their hash: what machines fetch. */
  readonly blobs: ReadonlyMap<string, Buffer>;
  readonly service: Buffer;
  readonly pack: Buffer;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const describe = (bytes: Buffer) => ({ sha256: sha256(bytes), size: bytes.length });

/** The key that signs releases; a second one stands for somebody else's. */
export class ReleaseKey {
  readonly #key: KeyObject;
  /** SPKI, base64url. */
  readonly publicKey: string;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    this.publicKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');
  }

  sign(manifest: string, version: string): SignedManifest {
    const text = Buffer.from(manifest);
    const key = { key: this.#key, dsaEncoding: 'ieee-p1363' } as const;
    const signature = sign('sha256', Buffer.from(releaseManifestText(manifest)), key);
    return { text, signature, sha256: sha256(text), version };
  }
}

/** A pack as the build makes it, with `node` in the place of node.exe. */
export function makePack(node: Buffer, behaviour = ''): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'guruconnect-pack-'));
  try {
    mkdirSync(join(folder, 'in'));
    writeFileSync(join(folder, 'in', 'node.exe'), node);
    writeFileSync(join(folder, 'in', 'main.mjs'), '// not read\n');
    writeFileSync(join(folder, 'in', 'fake-node.txt'), behaviour);
    const names = ['node.exe', 'main.mjs', 'fake-node.txt'];
    execFileSync('tar', [
      '--format=ustar',
      '-C',
      join(folder, 'in'),
      '-cf',
      join(folder, 'pack.tar'),
      ...names,
    ]);
    execFileSync('xz', ['--check=crc32', '-1', join(folder, 'pack.tar')]);
    return readFileSync(join(folder, 'pack.tar.xz'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface ReleaseParts {
  readonly version: string;
  /** The service as the build makes it, without configuration. */
  readonly program: Buffer;
  readonly pack: Buffer;
  readonly key: ReleaseKey;
  readonly origin: string;
  /** Takes the place of the configured service. */
  readonly service?: Buffer;
}

/** One version of the agent for one deployment. */
export function makeRelease({ version, program, pack, key, origin, service }: ReleaseParts): Release {
  const config: LauncherConfig = {
    format: 1,
    origin,
    releaseKey: key.publicKey,
    company: 'Acme',
    version,
    ca: '',
  };
  const own = { version, platform: 'win32-x64', pack: describe(pack), service: null, ui: null } as const;
  const inside = key.sign(encodeReleaseManifest(own), version);
  const configured = service ?? configure(program, config, inside);
  // Nothing of these tests shows panels: any bytes are a program then.
  const ui = Buffer.from(`panels of ${version}`);
  const parts = { ...own, service: describe(configured), ui: describe(ui) };
  const blobs = new Map([pack, configured, ui].map((bytes) => [sha256(bytes), bytes]));
  return { ...key.sign(encodeReleaseManifest(parts), version), blobs, service: configured, pack };
}

function configure(program: Buffer, config: LauncherConfig, manifest: SignedManifest): Buffer {
  const executable = NtExecutable.from(program, { ignoreCert: true });
  const resources = NtExecutableResource.from(executable);
  const add = (id: string, bytes: Buffer) =>
    resources.replaceResourceEntry({
      type: RT_RCDATA,
      id,
      lang: ENGLISH,
      codepage: 0,
      bin: new Uint8Array(bytes).buffer,
    });
  add('GCCONFIG', Buffer.from(JSON.stringify(config)));
  add('GCMANIFEST', manifest.text);
  add('GCSIGNATURE', manifest.signature);
  resources.outputResource(executable);
  return Buffer.from(executable.generate());
}

/** Puts a release where an installer would. */
export function installFiles(release: Release, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'guruconnect-service.exe'), release.service);
  copyFileSync(join(folder, 'guruconnect-service.exe'), join(folder, 'GuruConnect.exe'));
}

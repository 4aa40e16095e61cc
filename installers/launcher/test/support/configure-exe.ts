import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { encodeReleaseManifest, type LauncherConfig, releaseManifestText } from '@guruconnect/shared';
import { NtExecutable, NtExecutableResource } from 'resedit';

const RT_RCDATA = 10;
const ENGLISH = 1033;

/** What a deployment puts into a program; bytes that are left out are not there. */
export interface ExeResources {
  readonly config?: string;
  readonly manifest?: Uint8Array;
  readonly signature?: Uint8Array;
  readonly pack?: Uint8Array;
}

/** A copy of a program with these resources inside, as a server makes it. */
export function configureExe(program: Uint8Array, resources: ExeResources): Buffer {
  const executable = NtExecutable.from(program, { ignoreCert: true });
  const inside = NtExecutableResource.from(executable);
  const all = {
    GCCONFIG: resources.config === undefined ? undefined : Buffer.from(resources.config),
    GCMANIFEST: resources.manifest,
    GCSIGNATURE: resources.signature,
    GCPACK: resources.pack,
  };
  for (const [id, bytes] of Object.entries(all)) {
    if (!bytes) continue;
    const bin = new Uint8Array(bytes).buffer;
    inside.replaceResourceEntry({ type: RT_RCDATA, id, lang: ENGLISH, codepage: 0, bin });
  }
  inside.outputResource(executable);
  return Buffer.from(executable.generate());
}

export interface TestDeployment {
  readonly config: LauncherConfig;
  readonly key: KeyObject;
}

/** A deployment with a signing key of its own. */
export function makeDeployment(origin: string, ca = ''): TestDeployment {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const releaseKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');
  return {
    config: { format: 1, origin, releaseKey, company: 'Acme Support', version: '0.1.0', ca },
    key: privateKey,
  };
}

/** The manifest inside a program and its signature. */
export function signManifest(key: KeyObject, pack: Uint8Array): { manifest: Buffer; signature: Buffer } {
  const manifest = encodeReleaseManifest({
    version: '0.1.0',
    platform: 'win32-x64',
    pack: { sha256: sha256(pack), size: pack.length },
    service: null,
    ui: null,
  });
  const signature = sign('sha256', Buffer.from(releaseManifestText(manifest)), {
    key,
    dsaEncoding: 'ieee-p1363',
  });
  return { manifest: Buffer.from(manifest), signature };
}

/** The one-time program of a deployment: with its pack inside (`full`), or without. */
export function makeOneTimeExe(
  program: Uint8Array,
  deployment: TestDeployment,
  pack: Uint8Array,
  form: 'full' | 'small' = 'full',
): Buffer {
  const config = JSON.stringify(deployment.config);
  const { manifest, signature } = signManifest(deployment.key, pack);
  return configureExe(program, { config, manifest, signature, ...(form === 'full' ? { pack } : {}) });
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

import * as z from 'zod/mini';

const Sha256Hex = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const Blob = z.object({ sha256: Sha256Hex, size: z.int().check(z.gte(1), z.lte(500_000_000)) });

/**
 * What one version of the Windows agent consists of. A native launcher reads and verifies it, so the bytes are exact:
 * no spaces, keys in this order. The manifest inside a program cannot name that program: `service` and `ui` are null.
 */
export const ReleaseManifest = z.object({
  format: z.literal(1),
  version: z.string().check(z.regex(/^\d{1,5}(\.\d{1,5}){1,3}$/)),
  platform: z.literal('win32-x64'),
  pack: Blob,
  service: z.nullable(Blob),
  ui: z.nullable(Blob),
});
export type ReleaseManifest = z.infer<typeof ReleaseManifest>;

/** The exact text of a manifest. */
export function encodeReleaseManifest({
  version,
  platform,
  pack,
  service,
  ui,
}: Omit<ReleaseManifest, 'format'>): string {
  const blob = (value: { sha256: string; size: number } | null) =>
    value && { sha256: value.sha256, size: value.size };
  return JSON.stringify({
    format: 1,
    version,
    platform,
    pack: blob(pack),
    service: blob(service),
    ui: blob(ui),
  });
}

/** Signed by the server's release key (ECDSA P-256, SHA-256, IEEE P1363). */
export function releaseManifestText(manifest: string): string {
  return `guruconnect-manifest\n${manifest}`;
}

/** What `npm run build:windows` made, before a deployment's address is put into the programs. */
export const WindowsBuild = z.object({
  version: z.string(),
  platform: z.literal('win32-x64'),
  node: z.string(),
  files: z.object({
    pack: z.object({ name: z.string(), ...Blob.shape }),
    ui: z.object({ name: z.string(), ...Blob.shape }),
    service: z.object({ name: z.string(), ...Blob.shape }),
  }),
});
export type WindowsBuild = z.infer<typeof WindowsBuild>;

/** What a deployment puts into the programs that it hands out, as their resource `GCCONFIG`. */
export const LauncherConfig = z.object({
  format: z.literal(1),
  /** Scheme, host and port of the server. */
  origin: z.string(),
  /** P-256 key that signs manifests, SPKI in base64url. */
  releaseKey: z.string(),
  company: z.string(),
  version: z.string(),
  /** PEM of an authority to trust besides the usual ones; empty for none. */
  ca: z.string(),
});
export type LauncherConfig = z.infer<typeof LauncherConfig>;

/** How one update went on a machine. */
export const UpdateReport = z.object({
  toVersion: z.string().check(z.maxLength(40)),
  manifestSha256: Sha256Hex,
  outcome: z.enum(['updated', 'rolled-back', 'refused', 'failed']),
  /** One sentence; empty when it went well. */
  reason: z.string().check(z.maxLength(500)),
});
export type UpdateReport = z.infer<typeof UpdateReport>;

/** Machines that get a new version together, one ring after the other. */
export const UpdateRing = z.object({
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(40)),
  /** So many of all machines, those of the rings before included. */
  percent: z.int().check(z.gte(0), z.lte(100)),
  /** Machines with one of these tags belong to it whatever the percentage. */
  tags: z.array(z.string().check(z.maxLength(80))).check(z.maxLength(20)),
});
export type UpdateRing = z.infer<typeof UpdateRing>;

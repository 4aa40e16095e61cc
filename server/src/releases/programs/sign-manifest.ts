import { sign } from 'node:crypto';
import { releaseManifestText } from '@guruconnect/shared';

/** The 64 bytes that go with a manifest: ECDSA P-256 over SHA-256, IEEE P1363. */
export function signManifest(manifest: string, privateKeyPem: string): Buffer {
  return sign('sha256', Buffer.from(releaseManifestText(manifest), 'utf8'), {
    key: privateKeyPem,
    dsaEncoding: 'ieee-p1363',
  });
}

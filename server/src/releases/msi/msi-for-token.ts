import type { DownloadPart } from '../http/send-download.ts';
import { guidOf, TOKEN_PLACEHOLDER } from './msi-identity.ts';

const BLOB_BEGIN = '---BEGIN_BLOB---';
const BLOB_END = '---END_BLOB---';

/**
 * An installer's own copy of an MSI, in place: no byte moves. Unsigned, the token takes the place of the property's
 * placeholder, and the copy gets a package code of its own, since Windows Installer takes files with the same code for
 * the same bytes. Signed, the token goes into the blob of the signature, which the signature does not cover.
 * Throws when the MSI is not one that was made for this.
 */
export function msiForToken(msi: Buffer, token: string, packageCode: string): DownloadPart[] {
  const blobAt = msi.indexOf(BLOB_BEGIN);
  if (blobAt !== -1) {
    const at = blobAt + BLOB_BEGIN.length;
    if (msi.indexOf(BLOB_END, at) < at + token.length) throw new Error('The blob of the MSI has no room.');
    return replaceAt(msi, [{ at, text: token }]);
  }
  const changes = [
    { at: onlyPlaceOf(msi, TOKEN_PLACEHOLDER), text: token },
    { at: onlyPlaceOf(msi, packageCode), text: guidOf(packageCode, token) },
  ];
  return replaceAt(msi, changes);
}

function replaceAt(bytes: Buffer, changes: { at: number; text: string }[]): DownloadPart[] {
  const parts: DownloadPart[] = [];
  let from = 0;
  for (const { at, text } of changes.toSorted((left, right) => left.at - right.at)) {
    const replacement = Buffer.from(text, 'ascii');
    parts.push(bytes.subarray(from, at), replacement);
    from = at + replacement.length;
  }
  return [...parts, bytes.subarray(from)];
}

function onlyPlaceOf(bytes: Buffer, text: string): number {
  const at = bytes.indexOf(text);
  if (at === -1 || bytes.indexOf(text, at + 1) !== -1) {
    throw new Error('The MSI does not have what belongs to an installer in one place.');
  }
  return at;
}

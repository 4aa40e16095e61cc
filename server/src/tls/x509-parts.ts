import { isIP } from 'node:net';
import { addressBytes } from './address-bytes.ts';
import { boolean, octetString, oid, sequence, tagged } from './der.ts';

/** What certificates and requests for them have in common (RFC 5280, RFC 2986). */
export const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const SUBJECT_ALT_NAME = '2.5.29.17';

export function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octetString(value));
}

/** The extension that carries host names and addresses. */
export function alternativeNames(names: readonly string[]): Buffer {
  return extension(SUBJECT_ALT_NAME, sequence(...names.map(alternativeName)));
}

/** dNSName [2] or iPAddress [7] (RFC 5280, 4.2.1.6). */
function alternativeName(name: string): Buffer {
  return isIP(name) === 0
    ? tagged(2, Buffer.from(name, 'ascii'), false)
    : tagged(7, addressBytes(name), false);
}

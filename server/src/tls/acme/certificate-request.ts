import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { bitString, integer, oid, sequence, set, tagged } from '../der.ts';
import { alternativeNames, ECDSA_WITH_SHA256 } from '../x509-parts.ts';

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/** A PKCS#10 request (RFC 2986) for host names, signed with the P-256 key of the certificate to be; DER. */
export function createCertificateRequest(names: readonly string[], key: KeyObject): Buffer {
  const info = sequence(
    integer(Buffer.of(0)),
    // No subject: authorities go by the alternative names.
    sequence(),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    tagged(0, sequence(oid(EXTENSION_REQUEST), set(sequence(alternativeNames(names)))), true),
  );
  return sequence(info, ECDSA_WITH_SHA256, bitString(sign('sha256', info, key)));
}

import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import type { CertificatePair } from './certificate-files.ts';
import {
  bitString,
  boolean,
  integer,
  octetString,
  oid,
  sequence,
  set,
  tagged,
  time,
  utf8String,
} from './der.ts';
import { alternativeNames, ECDSA_WITH_SHA256, extension } from './x509-parts.ts';

interface Content {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly days: number;
  readonly now: number;
  readonly extensions: Buffer[];
}

const DAY_MS = 24 * 60 * 60_000;
const AUTHORITY_DAYS = 3650;
/** Browsers refuse certificates that are valid longer than 398 days. */
const SERVER_DAYS = 90;
const RENEW_DAYS = 30;

const OID = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;
/** Bits of the key usage extension, from the left (RFC 5280, 4.2.1.3), with the bits that do not count. */
const SIGN_CERTIFICATES = bitString(Buffer.of(0b0000_0110), 1);
const SIGN_HANDSHAKES = bitString(Buffer.of(0b1000_0000), 7);

/** Makes the deployment's own certificate authority: people trust it once, certificates under it come and go. */
export function createAuthority(name: string, now: number): CertificatePair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const content: Content = {
    subject: name,
    issuer: name,
    publicKey,
    days: AUTHORITY_DAYS,
    now,
    extensions: [
      extension(OID.basicConstraints, sequence(boolean(true), integer(Buffer.of(0))), true),
      extension(OID.keyUsage, SIGN_CERTIFICATES, true),
      extension(OID.subjectKeyIdentifier, octetString(keyIdentifier(publicKey))),
    ],
  };
  return { certificate: signCertificate(content, privateKey), key: pemOf(privateKey) };
}

/** Makes a server certificate for host names and addresses, signed by the authority. */
export function issueCertificate(
  authority: CertificatePair,
  names: readonly string[],
  now: number,
): CertificatePair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuerKey = keyIdentifier(createPublicKey(authority.certificate));
  const content: Content = {
    subject: 'GuruConnect server',
    issuer: commonNameOf(authority.certificate),
    publicKey,
    days: SERVER_DAYS,
    now,
    extensions: [
      extension(OID.basicConstraints, sequence(), true),
      extension(OID.keyUsage, SIGN_HANDSHAKES, true),
      extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth))),
      extension(OID.authorityKeyIdentifier, sequence(tagged(0, issuerKey, false))),
      alternativeNames(names),
    ],
  };
  return { certificate: signCertificate(content, authority.key), key: pemOf(privateKey) };
}

/** Whether a certificate still serves: long enough, for all the names, and of this authority. */
export function isGoodFor(
  certificate: string,
  authority: CertificatePair,
  names: readonly string[],
  now: number,
): boolean {
  const parsed = new X509Certificate(certificate);
  const covers = (name: string) => (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name));
  return (
    Date.parse(parsed.validTo) - now > RENEW_DAYS * DAY_MS &&
    parsed.verify(createPublicKey(authority.certificate)) &&
    names.every((name) => covers(name) !== undefined)
  );
}

/** A certificate as of RFC 5280, 4.1. */
function signCertificate(content: Content, key: KeyObject | string): string {
  const toBeSigned = sequence(
    tagged(0, integer(Buffer.of(2)), true),
    integer(newSerial()),
    ECDSA_WITH_SHA256,
    distinguishedName(content.issuer),
    // A day earlier, for clients whose clock is behind.
    sequence(time(content.now - DAY_MS), time(content.now + content.days * DAY_MS)),
    distinguishedName(content.subject),
    content.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...content.extensions), true),
  );
  const der = sequence(toBeSigned, ECDSA_WITH_SHA256, bitString(sign('sha256', toBeSigned, key)));
  const lines = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(oid(OID.commonName), utf8String(commonName))));
}

/** SHA-1 of the public key (RFC 5280, 4.2.1.2): a name, not a protection. An EC point of P-256 has 65 bytes. */
function keyIdentifier(key: KeyObject): Buffer {
  const spki = key.export({ type: 'spki', format: 'der' });
  return createHash('sha1').update(spki.subarray(-65)).digest();
}

function commonNameOf(certificate: string): string {
  const { subject } = new X509Certificate(certificate);
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? '';
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Positive and unguessable (CA/Browser Forum, Baseline Requirements 7.1). */
function newSerial(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

import { GuruError } from '../errors.ts';
import type { HandshakeCommit, HandshakeReveal } from '../rtc/signal.ts';
import { concatBytes, digestOf, fromBase64Url, toBase64Url, utf8 } from './bytes.ts';
import type { PeerBinding } from './peer-binding.ts';
import type { SealedLabel } from './sealed-label.ts';

export type HandshakeRole = 'agent' | 'viewer';

/** What both ends know before the agent reveals: all that a signature covers. */
export interface HandshakeContext {
  readonly sessionId: string;
  readonly peerId: string;
  readonly binding: PeerBinding;
  readonly commit: HandshakeCommit;
  /** Of the viewer. */
  readonly reveal: HandshakeReveal;
}

const HANDSHAKE = 'GuruConnect handshake v1';
const COMMIT = 'GuruConnect commit v1';
const SECRET = 'GuruConnect secret v1';
const SEALED = 'GuruConnect sealed v1';

/** A reveal in 163 bytes: the version, the nonce, the exchange key, the identity key. Throws `invalid-message`. */
export function encodeReveal(reveal: HandshakeReveal): Uint8Array<ArrayBuffer> {
  return concatBytes(
    Uint8Array.of(reveal.v),
    decoded(reveal.nonce, 32),
    decoded(reveal.exchangeKey, 65),
    decoded(reveal.identityKey, 65),
  );
}

/** The promise of what will be revealed: it cannot be changed afterwards, and tells nothing of it. */
export function commitTo(reveal: HandshakeReveal): HandshakeCommit {
  return { v: 1, digest: toBase64Url(digestOf(fields(utf8(COMMIT), encodeReveal(reveal)))) };
}

/**
 * The bytes that an end signs. The viewer signs before it knows the agent's reveal: the commit stands for it, with
 * the agent's keys and nonce. Throws `invalid-message` on keys or digests of a wrong length.
 */
export function signedTranscript(context: HandshakeContext, signer: HandshakeRole): Uint8Array<ArrayBuffer> {
  return fields(utf8(HANDSHAKE), utf8(signer), ...contextFields(context));
}

/** SHA-256 over everything that both ends said, both nonces included: salt of the keys and source of the words. */
export function transcriptDigest(
  context: HandshakeContext,
  agentReveal: HandshakeReveal,
): Uint8Array<ArrayBuffer> {
  return digestOf(fields(utf8(SECRET), ...contextFields(context), encodeReveal(agentReveal)));
}

/** HKDF's `info` for the key of one label and one direction. */
export function keyInfo(label: SealedLabel, sender: HandshakeRole): Uint8Array<ArrayBuffer> {
  return fields(utf8(SEALED), utf8(sender), utf8(label));
}

/** How grants and pins name an identity key: SHA-256 of its 65 bytes, in base64url. Throws `invalid-message`. */
export function keyThumbprint(identityKey: string): string {
  return toBase64Url(digestOf(decoded(identityKey, 65)));
}

function contextFields({ sessionId, peerId, binding, commit, reveal }: HandshakeContext): Uint8Array[] {
  return [
    utf8(sessionId),
    utf8(peerId),
    utf8(binding.agent),
    utf8(binding.viewer),
    decoded(commit.digest, 32),
    encodeReveal(reveal),
  ];
}

/** Each field after its length in two bytes, big-endian: no two lists of fields have the same bytes. */
function fields(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concatBytes(...parts.flatMap((part) => [lengthOf(part), part]));
}

function lengthOf(part: Uint8Array): Uint8Array {
  if (part.length > 0xffff) throw GuruError.invalid('A field of the handshake is too long.');
  return Uint8Array.of(part.length >>> 8, part.length & 0xff);
}

function decoded(text: string, length: number): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64Url(text);
  if (bytes?.length !== length) throw GuruError.invalid('A part of the handshake has a wrong length.');
  return bytes;
}

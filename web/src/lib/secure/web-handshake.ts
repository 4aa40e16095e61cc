import {
  commitTo,
  fromBase64Url,
  GuruError,
  type HandshakeContext,
  type HandshakeReveal,
  type HandshakeRole,
  signedTranscript,
  toBase64Url,
  transcriptDigest,
} from '@guruconnect/shared';
import { WebSeal } from './web-seal.ts';

/** The key by which an end is known: of this browser, or (in tests) of an agent in a page. */
export interface WebIdentity {
  /** 65 bytes, uncompressed, in base64url. */
  readonly publicKey: string;
  readonly privateKey: CryptoKey;
}

/** What one end brings to one handshake. */
export interface HandshakeHalf {
  readonly identity: WebIdentity;
  readonly exchange: CryptoKey;
  readonly reveal: HandshakeReveal;
}

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ECDH = { name: 'ECDH', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** A new key that never leaves this browser. */
export async function newIdentity(): Promise<WebIdentity> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ECDSA, false, ['sign', 'verify']);
  return { privateKey, publicKey: await rawKey(publicKey) };
}

/** Nonce and exchange key for one handshake. */
export async function newHalf(identity: WebIdentity): Promise<HandshakeHalf> {
  const exchange = await crypto.subtle.generateKey(ECDH, false, ['deriveKey']);
  const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const exchangeKey = await rawKey(exchange.publicKey);
  const reveal = { v: 1, nonce, exchangeKey, identityKey: identity.publicKey } as const;
  return { identity, exchange: exchange.privateKey, reveal };
}

/** The proof of `signer` that it takes part in this handshake, on this very connection. */
export async function signHandshake(
  half: HandshakeHalf,
  context: HandshakeContext,
  signer: HandshakeRole,
): Promise<string> {
  const transcript = signedTranscript(context, signer);
  return toBase64Url(new Uint8Array(await crypto.subtle.sign(SIGNING, half.identity.privateKey, transcript)));
}

/** Whether the owner of `identityKey` signed this handshake as `signer`. False for a key that is none. */
export async function isHandshakeSigned(
  context: HandshakeContext,
  signer: HandshakeRole,
  identityKey: string,
  signature: string,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', bytesOf(identityKey), ECDSA, false, ['verify']);
    return await crypto.subtle.verify(SIGNING, key, bytesOf(signature), signedTranscript(context, signer));
  } catch {
    // The browser says no more of 65 bytes that are no point of the curve.
    return false;
  }
}

/** Whether the agent reveals what it promised. */
export function keepsPromise(context: HandshakeContext, agentReveal: HandshakeReveal): boolean {
  return commitTo(agentReveal).digest === context.commit.digest;
}

/** The keys that both ends come to. Rejects when the other exchange key is no point of the curve. */
export async function agreeOnSeal(
  half: HandshakeHalf,
  context: HandshakeContext,
  agentReveal: HandshakeReveal,
  role: HandshakeRole,
): Promise<WebSeal> {
  const other = role === 'viewer' ? agentReveal : context.reveal;
  const otherKey = await crypto.subtle.importKey('raw', bytesOf(other.exchangeKey), ECDH, false, []);
  // Straight into a key for HKDF: each call goes to another thread and back, and a busy machine takes its time.
  const how = { name: 'ECDH', public: otherKey };
  const master = await crypto.subtle.deriveKey(how, half.exchange, 'HKDF', false, ['deriveKey']);
  return new WebSeal({ master, salt: transcriptDigest(context, agentReveal), role });
}

async function rawKey(key: CryptoKey): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', key)));
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64Url(text);
  if (!bytes) throw GuruError.invalid('A part of the handshake is no base64url.');
  return bytes;
}

import { describe, expect, it } from 'vitest';
import { HandshakeReveal } from '../rtc/signal.ts';
import { fromBase64Url, toBase64Url } from './bytes.ts';
import golden from './golden/handshake.json' with { type: 'json' };
import { parseHandshakeMessage } from './handshake-message.ts';
import {
  commitTo,
  encodeReveal,
  type HandshakeContext,
  type HandshakeRole,
  keyInfo,
  keyThumbprint,
  signedTranscript,
  transcriptDigest,
} from './handshake-transcript.ts';
import { relayBinding, webrtcBinding } from './peer-binding.ts';
import { safetyWords } from './safety-words.ts';
import type { SealedLabel } from './sealed-label.ts';

const agentReveal = HandshakeReveal.parse(golden.agentReveal);
const viewerReveal = HandshakeReveal.parse(golden.viewerReveal);
const context: HandshakeContext = {
  sessionId: golden.sessionId,
  peerId: golden.peerId,
  binding: golden.binding,
  commit: { v: 1, digest: golden.digest },
  reveal: viewerReveal,
};
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

describe('the handshake', () => {
  it('has exactly these bytes', () => {
    expect(hex(encodeReveal(agentReveal))).toBe(golden.agentRevealHex);
    expect(commitTo(agentReveal)).toEqual(context.commit);
    expect(hex(signedTranscript(context, 'agent'))).toBe(golden.signedByAgentHex);
    expect(hex(signedTranscript(context, 'viewer'))).toBe(golden.signedByViewerHex);
    expect(hex(transcriptDigest(context, agentReveal))).toBe(golden.transcriptDigestHex);
    for (const { label, sender, infoHex } of golden.keys) {
      expect(hex(keyInfo(label as SealedLabel, sender as HandshakeRole))).toBe(infoHex);
    }
  });

  it.each<[string, Partial<HandshakeContext>]>([
    ['the session', { sessionId: `${golden.sessionId.slice(0, -1)}e` }],
    ['the peer', { peerId: `${golden.peerId.slice(0, -1)}0` }],
    ["the agent's certificate", { binding: { ...golden.binding, agent: golden.binding.viewer } }],
    ["the viewer's certificate", { binding: { ...golden.binding, viewer: golden.binding.agent } }],
    ["the agent's promise", { commit: { v: 1, digest: toBase64Url(new Uint8Array(32)) } }],
    ["the viewer's nonce", { reveal: { ...viewerReveal, nonce: agentReveal.nonce } }],
    ["the viewer's exchange key", { reveal: { ...viewerReveal, exchangeKey: agentReveal.exchangeKey } }],
    ["the viewer's identity", { reveal: { ...viewerReveal, identityKey: agentReveal.identityKey } }],
  ])('covers %s', (_what, change) => {
    const other = { ...context, ...change };
    expect(signedTranscript(other, 'agent')).not.toEqual(signedTranscript(context, 'agent'));
    expect(transcriptDigest(other, agentReveal)).not.toEqual(transcriptDigest(context, agentReveal));
  });

  it('covers everything that the agent reveals', () => {
    for (const name of ['nonce', 'exchangeKey', 'identityKey'] as const) {
      const other = { ...agentReveal, [name]: viewerReveal[name] };
      expect(commitTo(other)).not.toEqual(commitTo(agentReveal));
      expect(transcriptDigest(context, other)).not.toEqual(transcriptDigest(context, agentReveal));
    }
  });

  it('does not take one field for a part of another', () => {
    const moved = { ...context, sessionId: `${golden.sessionId}${golden.peerId}`, peerId: '' };
    expect(signedTranscript(moved, 'agent')).not.toEqual(signedTranscript(context, 'agent'));
  });

  it('refuses keys of another length', () => {
    const short = { ...agentReveal, nonce: 'AAAA' };
    expect(() => encodeReveal(short)).toThrow(/wrong length/);
    expect(() => keyThumbprint('AAAA')).toThrow(/wrong length/);
  });
});

describe('safety words', () => {
  const words = (seed: number) => safetyWords(Uint8Array.of(seed >>> 8, seed & 255));

  it('are three, the same for the same digest', () => {
    expect(words(1)).toHaveLength(3);
    expect(words(1)).toEqual(words(1));
    expect(safetyWords(transcriptDigest(context, agentReveal))).toMatchInlineSnapshot(`
      [
        "planet",
        "camera",
        "zebra",
      ]
    `);
  });

  it('come from 256 words of which no two differ by a single letter', () => {
    const all = [...new Set(Array.from({ length: 4_000 }, (_, seed) => words(seed)).flat())];
    expect(all).toHaveLength(256);
    expect(all.every((word) => /^[a-z]{4,9}$/.test(word))).toBe(true);
    const close = all.flatMap((one, at) => all.slice(at + 1).filter((other) => isOneLetterApart(one, other)));
    expect(close).toEqual([]);
  });
});

function isOneLetterApart(one: string, other: string): boolean {
  const [short = '', long = ''] = [one, other].toSorted((a, b) => a.length - b.length);
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  const rest = long.slice(at + 1);
  return rest === short.slice(at) || (short.length === long.length && rest === short.slice(at + 1));
}

describe('what a connection is bound to', () => {
  const value = Array.from({ length: 32 }, (_, at) => at.toString(16).padStart(2, '0').toUpperCase()).join(
    ':',
  );
  const other = value.replace('1F', '1E');
  const line = (fingerprint: string) => `a=fingerprint:sha-256 ${fingerprint}\r\n`;
  const sdp = (...lines: string[]) => `v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n${lines.join('')}a=setup:actpass\r\n`;
  const bound = `webrtc:${value.replaceAll(':', '').toLowerCase()}`;

  it('is the certificate that the description names, however often', () => {
    expect(webrtcBinding(sdp(line(value)))).toBe(bound);
    expect(webrtcBinding(sdp(line(value), line(value.toLowerCase())))).toBe(bound);
    expect(webrtcBinding(sdp(line(value)).replaceAll('\r', ''))).toBe(bound);
  });

  it.each([
    ['no certificate', sdp()],
    ['two', sdp(line(value), line(other))],
    ['a second one of another kind', sdp(line(value), 'a=fingerprint:sha-1 00:11\r\n')],
    ['a second one in other letters', sdp(line(value), line(other).replace('fingerprint', 'FingerPrint'))],
    ['one behind a lone carriage return', sdp(line(value), `a=x\r${line(other)}`)],
    ['one after a space', sdp(line(value), ` ${line(other)}`)],
    ['a longer one', sdp(line(`${value}:00`))],
    ['something behind it', sdp(line(`${value} ${other}`))],
  ])('is nothing with %s', (_what, text) => {
    expect(webrtcBinding(text)).toBeUndefined();
  });

  it('is a digest of the ticket on a relay', () => {
    expect(relayBinding('ticket')).toMatch(/^relay:[0-9a-f]{64}$/);
    expect(relayBinding('ticket')).not.toBe(relayBinding('other'));
  });
});

describe('base64url', () => {
  it('is read back', () => {
    for (let length = 0; length < 70; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 37 + length) & 255);
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
    }
  });

  it.each(['A', 'AB=', 'A+B/', 'AB CD', 'AAB', 'ß', 'AAAAA'])('is not %j', (text) => {
    expect(fromBase64Url(text)).toBeUndefined();
  });
});

describe('messages of the handshake', () => {
  const signature = 'S'.repeat(86);

  it.each([
    { type: 'agent-proof', v: 1, reveal: agentReveal, signature },
    { type: 'viewer-proof', v: 1, signature },
    { type: 'refused', v: 1, why: 'key-changed' },
  ])('are read: $type', (message) => {
    expect(parseHandshakeMessage(JSON.stringify(message))).toEqual(message);
  });

  it.each([
    ['bytes', new Uint8Array(80)],
    ['no JSON', '{'],
    ['a message of before', JSON.stringify({ type: 'ping', n: 1, visible: true })],
    ['another version', JSON.stringify({ type: 'viewer-proof', v: 2, signature })],
    ['a short signature', JSON.stringify({ type: 'viewer-proof', v: 1, signature: 'S' })],
    ['something besides', JSON.stringify({ type: 'viewer-proof', v: 1, signature, more: 1 })],
    ['far too much', JSON.stringify({ type: 'viewer-proof', v: 1, signature: 'S'.repeat(5_000) })],
  ])('are not %s', (_what, data) => {
    expect(() => parseHandshakeMessage(data)).toThrow(expect.objectContaining({ code: 'invalid-message' }));
  });
});

import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { openSealedText, sealText } from './sealed-text.ts';

const key = randomBytes(32);

it('gives a sealed text back to its key and place alone', () => {
  const sealed = sealText('a token', key, 'installer:1');
  expect(openSealedText(sealed, key, 'installer:1')).toBe('a token');
  expect(() => openSealedText(sealed, key, 'installer:2')).toThrow();
  expect(() => openSealedText(sealed, randomBytes(32), 'installer:1')).toThrow();
});

it('tells when a sealed text was changed', () => {
  const bytes = Buffer.from(sealText('a token', key, 'x'), 'base64url');
  for (const at of [0, 12, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8((changed[at] ?? 0) ^ 1, at);
    expect(() => openSealedText(changed.toString('base64url'), key, 'x')).toThrow();
  }
  expect(() => openSealedText('', key, 'x')).toThrow();
});

it('seals the same text differently each time', () => {
  expect(sealText('a token', key, 'x')).not.toBe(sealText('a token', key, 'x'));
});

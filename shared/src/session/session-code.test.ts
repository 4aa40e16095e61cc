import { describe, expect, it } from 'vitest';
import { formatSessionCode, normalizeSessionCode } from './session-code.ts';

describe('a session code', () => {
  it.each([
    ['847291', '847291'],
    ['847 291', '847291'],
    [' 847-291\n', '847291'],
    ['Code: 847 291.', '847291'],
    ['８４７２９１', '847291'],
  ])('is taken out of %j', (text, code) => {
    expect(normalizeSessionCode(text)).toBe(code);
  });

  it.each(['', '84729', '8472913', 'abcdef'])('is not found in %j', (text) => {
    expect(normalizeSessionCode(text)).toBeUndefined();
  });

  it('is read out in two groups', () => {
    expect(formatSessionCode('847291')).toBe('847 291');
  });
});

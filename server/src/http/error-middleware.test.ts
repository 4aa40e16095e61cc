import { expect, it } from 'vitest';
import { withoutSecrets } from './error-middleware.ts';

it.each([
  ['/join/847291', '/join/[hidden]'],
  ['/download/linux/847291.sh', '/download/linux/[hidden].sh'],
  [`/launch/${'aB3_-'.repeat(9).slice(0, 43)}`, '/launch/[hidden]'],
  ['/api/v1/sessions/0196f5a2-1234-7abc-8def-123456789012/end', undefined],
])('takes codes and tokens, and nothing else, out of the path %s before it is logged', (path, logged) => {
  expect(withoutSecrets(path)).toBe(logged ?? path);
});

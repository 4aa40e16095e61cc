import { expect, it } from 'vitest';
import { visitorOf } from './visitor.ts';

const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

it.each([
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME}`, 'windows', 'chrome'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Edg/140.0.0.0`, 'windows', 'edge'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} OPR/120.0`, 'windows', 'other'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'windows', 'firefox'],
  ['Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0', 'old-windows', 'firefox'],
  [`Mozilla/5.0 (Windows NT 6.1; Win64; x64) ${CHROME}`, 'old-windows', 'chrome'],
  ['Mozilla/5.0 (Windows NT 6.3; WOW64; rv:115.0) Gecko/20100101 Firefox/115.0', 'old-windows', 'firefox'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${CHROME}`, 'linux', 'chrome'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    'macos',
    'safari',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
    'phone',
    'safari',
  ],
  [`Mozilla/5.0 (Linux; Android 10; K) ${CHROME}`, 'phone', 'chrome'],
  [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${CHROME}`, 'other', 'chrome'],
  ['', 'other', 'other'],
])('%s is %s with %s', (userAgent, system, browser) => {
  expect(visitorOf(userAgent)).toEqual({ system, browser });
});

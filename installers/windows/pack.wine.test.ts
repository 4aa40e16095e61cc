import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WinePrefix } from '../../tools/windows/wine-prefix.ts';

const BUILT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', 'windows');

let wine: WinePrefix;
let folder: string;
beforeAll(async () => {
  wine = await WinePrefix.create();
  folder = join(wine.driveC, 'pack');
  mkdirSync(folder);
  execFileSync('tar', ['-xf', join(BUILT, 'pack-win32-x64.tar.xz'), '-C', folder]);
});
afterAll(() => wine.close());

/** Runs a script with the pack's Node beside the agent's files; what it prints last must be JSON. */
async function evaluate(script: string): Promise<unknown> {
  writeFileSync(join(folder, 'probe.mjs'), script);
  const output = await wine.runOrFail(join(folder, 'node.exe'), ['C:\\pack\\probe.mjs'], { cwd: folder });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

describe('the runtime pack on Windows', () => {
  it('runs the Node that it names', async () => {
    const { node } = JSON.parse(readFileSync(join(BUILT, 'release.json'), 'utf8'));
    expect(await evaluate('console.log(JSON.stringify(process.versions.node))')).toBe(node);
  });

  it('still knows addresses, dates, letters and Unicode without the data of other languages', async () => {
    const found = await evaluate(`
      const bytes = Uint8Array.of(0xfc, 0, 0x71, 0x67);
      console.log(JSON.stringify([
        new URL('https://bücher.例え.テスト/ä?ö').href,
        new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long', timeZone: 'Europe/Berlin' }).format(0),
        (1234567.891).toLocaleString('en-US'),
        new TextDecoder('utf-8', { fatal: true }).decode(new TextEncoder().encode('東京')),
        new TextDecoder('utf-16le').decode(bytes),
        'ﬁ'.normalize('NFKC'),
        ['b', 'ä', 'a', 'Z'].sort(new Intl.Collator('en').compare).join(''),
        [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment('👩‍👩‍👧e\u0301')].length,
        /^\\p{L}\\p{Emoji}$/u.test('ä😀'),
        'straße'.toUpperCase(),
        new Intl.ListFormat('en').format(['a', 'b', 'c']),
        new Intl.PluralRules('en').select(1),
      ]));
    `);
    expect(found).toEqual([
      'https://xn--bcher-kva.xn--r8jz45g.xn--zckzah/%C3%A4?%C3%B6',
      'Thursday, 1 January 1970 at 01:00:00 CET',
      '1,234,567.891',
      '東京',
      'ü東',
      'fi',
      'aäbZ',
      2,
      true,
      'STRASSE',
      'a, b, and c',
      'one',
    ]);
  });

  it('answers in English when another language is asked for', async () => {
    const script = "console.log(JSON.stringify(new Date(0).toLocaleDateString('de', { timeZone: 'UTC' })))";
    expect(await evaluate(script)).toBe('1/1/1970');
  });

  it('loads every part that is no JavaScript', async () => {
    const found = await evaluate(`
      import { createRequire } from 'node:module';
      import koffi from 'koffi';
      import * as dataChannel from 'node-datachannel';
      const require = createRequire(import.meta.url);
      const peer = new dataChannel.PeerConnection('probe', { iceServers: [] });
      peer.close();
      const getCurrentProcessId = koffi.load('kernel32.dll').func('uint32_t GetCurrentProcessId()');
      console.log(JSON.stringify([
        typeof dataChannel.PeerConnection,
        getCurrentProcessId() === process.pid,
        Object.keys(require('./gc_native.node')).length > 0,
      ]));
      dataChannel.cleanup();
    `);
    expect(found).toEqual(['function', true, true]);
  });
});

import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildNative } from '../build.mjs';

/** Each case is in `encoder_checks.cc`; everything it sends is decoded and compared with the screen. */
let program: string;
beforeAll(async () => {
  const built = await buildNative({ targets: ['encoderChecks'], sanitized: true });
  program = built.encoderChecks ?? '';
}, 300_000);

function run(name: string): void {
  const { status, stdout, stderr } = spawnSync(program, [name], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toBe('');
  expect(status).toBe(0);
}

describe('a guarded encoder', () => {
  it('begins with OpenH264 and goes over to one that works with one key frame', () => run('works'));
  it('waits for a change before it goes over', () => run('still-screen'));

  it.each([
    ['cannot be made, and is not tried again with another size', 'creation-fails'],
    ['is never ready', 'creation-hangs'],
    ['makes pictures of another size', 'other-size'],
    ['is slower than OpenH264 from the start', 'slow-from-the-start'],
  ])('never uses one that %s', (_what, name) => run(name));

  it.each([
    ['fails', 'coding-fails'],
    ['throws what is no exception', 'throws-anything'],
    ['does not come back', 'coding-hangs'],
    ['makes nothing', 'nothing'],
    ['makes something without a start code', 'no-start-code'],
    ['makes something without a picture', 'no-picture'],
    ['makes no key frame though one is asked for', 'no-key-frame'],
    ['makes a key frame without its parameters', 'no-parameters'],
    ['makes a key frame of another size', 'other-size-later'],
    ['fails while a still screen is sharpened', 'fails-when-sharpened'],
    ['becomes slower than OpenH264', 'slow-later'],
  ])('goes back with one key frame from one that %s in the middle', (_what, name) => run(name));

  it('may end while its candidate is being made', () => run('ends-while-created'));
});

describe('the check of a stream', () => {
  it('reads the size and profile of real ones', () => run('reads-sizes'));
  it('stands garbage', () => run('stands-garbage'));
});

it('interleaves chroma for those who want NV12', () => run('converts'));

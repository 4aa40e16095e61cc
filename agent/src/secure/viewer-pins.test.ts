import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FilePins, MemoryPins, type ViewerPins } from './viewer-pins.ts';

const ADA = '9c1d7e30-42aa-4b6f-8f11-5a6b7c8d9e0f';
const BEA = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const key = (letter: string) => `${letter.repeat(42)}A`;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'gc-pins-'));
});
afterEach(() => rmSync(dir, { recursive: true }));
const open = () => new FilePins({ dir: path.join(dir, 'state'), sessionId: ADA });

describe.each<[string, () => ViewerPins]>([
  ['memory', () => new MemoryPins()],
  ['a file', open],
])('pins in %s', (_name, create) => {
  it('know each participant by the first key, until they are forgotten', () => {
    const pins = create();
    expect(pins.accept(ADA, key('a'))).toBe(true);
    expect(pins.accept(ADA, key('a'))).toBe(true);
    expect(pins.accept(ADA, key('b'))).toBe(false);
    expect(pins.accept(BEA, key('b'))).toBe(true);
    pins.forget();
    expect(pins.accept(ADA, key('b'))).toBe(true);
  });
});

describe('pins in a file', () => {
  it('outlive the process, for this user alone, and leave nothing behind', () => {
    open().accept(ADA, key('a'));
    const [file = ''] = readdirSync(path.join(dir, 'state'));
    expect(statSync(path.join(dir, 'state', file)).mode & 0o777).toBe(0o600);
    const again = open();
    expect(again.accept(ADA, key('b'))).toBe(false);
    again.forget();
    expect(readdirSync(path.join(dir, 'state'))).toEqual([]);
  });

  it('pin nobody when the file is damaged', () => {
    open().accept(ADA, key('a'));
    const [file = ''] = readdirSync(path.join(dir, 'state'));
    for (const text of ['{', '[]', `{"${ADA}":"short"}`]) {
      writeFileSync(path.join(dir, 'state', file), text);
      expect(open().accept(ADA, key('b'))).toBe(true);
      rmSync(path.join(dir, 'state', file));
      open().accept(ADA, key('a'));
    }
  });
});

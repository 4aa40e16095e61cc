import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OwnOrigin } from './own-origin.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let cacheDir: string;
beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'gc-origin-'));
});
afterEach(() => rmSync(cacheDir, { recursive: true }));

const create = (publicUrl?: string) =>
  new OwnOrigin({ publicUrl, localOrigin: () => 'https://localhost:8080', cacheDir, log });

it('is the configured address, whatever installers are fetched from', () => {
  const own = create('https://help.example.com');
  own.heard('https://10.0.0.5:8080');
  expect(own.current()).toBe('https://help.example.com');
});

it('is where an installer was last fetched from, also after a restart, and never this computer itself', async () => {
  const own = create();
  expect(own.current()).toBe('https://localhost:8080');
  for (const origin of ['http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1']) own.heard(origin);
  expect(own.current()).toBe('https://localhost:8080');
  own.heard('https://10.0.0.5:8080');
  expect(own.current()).toBe('https://10.0.0.5:8080');
  await vi.waitFor(() => expect(existsSync(join(cacheDir, 'origin'))).toBe(true));
  expect(create().current()).toBe('https://10.0.0.5:8080');
});

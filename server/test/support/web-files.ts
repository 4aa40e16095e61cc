import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A built web app in little, for tests of how it is served. */
export function createWebFiles(): { directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'gc-web-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Portal</title>');
  writeFileSync(join(directory, 'session.html'), '<!doctype html><title>Session</title>');
  writeFileSync(join(directory, 'app.html'), '<!doctype html><title>Dashboard</title>');
  writeFileSync(join(directory, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(directory, 'assets', 'main-4f3a2b1c.js'), `export const text = '${'x'.repeat(4000)}';`);
  return { directory, remove: () => rmSync(directory, { recursive: true }) };
}

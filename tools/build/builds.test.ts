import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TARGETS } from './build-all.mjs';
import { withBuildLock } from './build-lock.mjs';
import { hashInputs } from './inputs-hash.mjs';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'guruconnect-builds-'));
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'src', 'a.ts'), 'one');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the hash of what a build reads', () => {
  it('changes with the content, with a new file and with a name, and with nothing else', () => {
    const hash = () => hashInputs(root, ['src', 'missing']);
    const first = hash();
    expect(hash()).toBe(first);
    writeFileSync(join(root, 'src', 'a.ts'), 'two');
    const second = hash();
    expect(second).not.toBe(first);
    writeFileSync(join(root, 'src', 'b.ts'), '');
    expect(hash()).not.toBe(second);
    rmSync(join(root, 'src', 'b.ts'));
    writeFileSync(join(root, 'src', 'a.test.ts'), 'a test');
    expect(hash()).toBe(second);
  });
});

describe('the agent', () => {
  it.each([
    'linux-run.sh',
    'build.mjs',
    'bundle-agent.mjs',
    'native/build.mjs',
    'native/load-addon.ts',
    'native/src/a/b.cc',
  ])('is built anew when agent/%s has changed', (file) => {
    const path = join(root, 'agent', file);
    mkdirSync(dirname(path), { recursive: true });
    const before = hashInputs(root, TARGETS.agent.inputs);
    writeFileSync(path, 'changed');
    expect(hashInputs(root, TARGETS.agent.inputs)).not.toBe(before);
  });

  it('is not built anew for what the compiler has made', () => {
    const before = hashInputs(root, TARGETS.agent.inputs);
    mkdirSync(join(root, 'agent', 'native', 'build'), { recursive: true });
    writeFileSync(join(root, 'agent', 'native', 'build', 'gc_native.node'), 'binary');
    expect(hashInputs(root, TARGETS.agent.inputs)).toBe(before);
  });
});

describe('the web pages', () => {
  it('are built anew when a feature has changed, whatever its folder is called', () => {
    const folder = join(root, 'web', 'src', 'features', 'build');
    mkdirSync(folder, { recursive: true });
    const before = hashInputs(root, TARGETS.web.inputs);
    writeFileSync(join(folder, 'page.tsx'), 'changed');
    expect(hashInputs(root, TARGETS.web.inputs)).not.toBe(before);
  });
});

describe('the lock of set-up and builds', () => {
  it('lets one in after the other', async () => {
    const order: string[] = [];
    const first = withBuildLock(root, async () => {
      order.push('first begins');
      await new Promise((resolve) => setImmediate(resolve));
      order.push('first ends');
    });
    await Promise.all([first, withBuildLock(root, async () => order.push('second'))]);
    expect(order).toEqual(['first begins', 'first ends', 'second']);
  });

  it('is free again after a failure', async () => {
    await expect(withBuildLock(root, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await withBuildLock(root, async () => 'in')).toBe('in');
  });

  it('is not held by a process that has died', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    writeFileSync(join(root, 'dist', '.lock'), String(dead.pid));
    expect(await withBuildLock(root, async () => 'in')).toBe('in');
  });
});

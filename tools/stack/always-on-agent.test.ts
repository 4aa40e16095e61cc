import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { HARMLESS } from './always-on-agent.ts';

/** A folder with a `systemctl` that only says what it was asked, where the real one would stand. */
function standIn(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guruconnect-systemctl-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'systemctl'), '#!/bin/sh\necho "asked: $*"\n', { mode: 0o755 });
  return `${HARMLESS}:${folder}:${process.env.PATH}`;
}

it.each([['reboot'], ['reboot', '--force', '--force'], ['poweroff']])(
  'does not let an agent under test do %s',
  (...args) => {
    const { status, stdout, stderr } = spawnSync('systemctl', args, {
      env: { PATH: standIn() },
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('restarts no computer');
  },
);

it('asks the real program everything else', () => {
  const said = execFileSync('systemctl', ['--root', '/x', 'enable', 'a.service'], {
    env: { PATH: standIn() },
    encoding: 'utf8',
  });
  expect(said).toBe('asked: --root /x enable a.service\n');
});

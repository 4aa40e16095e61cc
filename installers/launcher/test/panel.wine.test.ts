import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileXClient } from '../../../tools/stack/x-client.ts';
import type { WineProcess } from '../../../tools/windows/wine-process.ts';
import { fetchPackage } from '../../windows/fetch-package.mjs';
import { windowsPackages } from '../../windows/windows-packages.mjs';
import { LauncherStage } from './support/launcher-stage.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const OWNER = join(ROOT, 'installers/launcher/test/programs/panel-owner.mjs');
const QUESTION = {
  kind: 'question',
  title: 'Ada Admin of Acme wants to see and control this computer',
  lines: ['You can stop this at any time.', 'Purpose: printer & scanner'],
  buttons: [
    { id: 'refuse', label: 'Refuse', look: 'plain' },
    { id: 'grant', label: 'Allow', look: 'primary' },
  ],
};
const BANNER = {
  kind: 'banner',
  title: 'Ada Admin (Acme) is connected',
  lines: ['and controls this computer'],
  buttons: [{ id: 'stop', label: 'Stop', look: 'danger' }],
};
/** Longer than an Enter is held back. */
const PATIENCE_MS = 900;

let stage: LauncherStage;
let node: string;
beforeAll(async () => {
  stage = await LauncherStage.start();
  const [pinned] = windowsPackages(ROOT);
  if (!pinned) throw new Error('Node for Windows is not pinned.');
  node = join(await fetchPackage(pinned), 'bin', 'node.exe');
});
afterAll(() => stage.close());

function show(...panels: readonly object[]): WineProcess {
  const folder = join(stage.wine.driveC, 'panels');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'GuruConnect.exe'), stage.program);
  writeFileSync(join(folder, 'panels.json'), JSON.stringify(panels));
  return stage.wine.start(node, [
    stage.wine.windows(OWNER),
    'C:\\panels\\GuruConnect.exe',
    'C:\\panels\\panels.json',
  ]);
}

async function pressKeys(...keys: string[]): Promise<void> {
  const program = await compileXClient(join(ROOT, 'e2e/support/x11/press-keys.c'));
  await promisify(execFile)(program, keys, { env: { DISPLAY: stage.display } });
}

const patience = () => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));

describe("the agent's panels", () => {
  it('asks in the middle, then says who is connected at the upper edge, and ends with the pipe', async () => {
    const owner = show(QUESTION, BANNER);
    await stage.window('wait', 'GuruConnectQuestion', 'Ada Admin of Acme wants');
    expect(await stage.window('list')).toContain("'Purpose: printer & scanner'");
    await patience();
    await pressKeys('Return');
    await owner.waitFor(/"buttonId":"grant"/);
    await stage.window('wait', 'GuruConnectBanner', 'Ada Admin (Acme) is connected');
    const banner = /GuruConnectBanner '.*' (-?\d+),(-?\d+) (\d+)x(\d+)/.exec(await stage.window('list'));
    const [left = 0, top = -1, width = 0] = banner?.slice(1).map(Number) ?? [];
    expect(top).toBe(0);
    expect(Math.abs(left + width / 2 - 400)).toBeLessThanOrEqual(1);
    await stage.window('press', 'GuruConnectBanner', 'Stop');
    await owner.waitFor(/"buttonId":"stop"/);
    await owner.waitFor(/program returned 0/);
    await owner.ended;
  });

  it('takes Escape for a refusal', async () => {
    const owner = show(QUESTION);
    await stage.window('wait', 'GuruConnectQuestion');
    await pressKeys('Escape');
    await owner.waitFor(/"buttonId":"refuse"/);
    await owner.ended;
  });

  it('does not take an Enter from a program for consent, nor one that comes at once', async () => {
    const owner = show(QUESTION);
    await stage.window('wait', 'GuruConnectQuestion');
    await pressKeys('Return');
    await patience();
    await stage.window('inject', 'GuruConnectQuestion');
    await patience();
    expect(owner.output).not.toContain('pressed');
    await pressKeys('Return');
    await owner.waitFor(/"buttonId":"grant"/);
    await owner.ended;
  });
});

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../core/clock.ts';
import { silentLog } from '../core/log.ts';
import { createLauncherWindows } from './launcher-windows.ts';
import type { Panel, PanelWindow } from './panel.ts';

/** A program that is started as the native one is: writes down what it is shown, and presses what it finds in a file. */
const PROGRAM = `
const fs = require('node:fs');
const [mode, pipe] = process.argv.slice(2);
const folder = __dirname;
fs.appendFileSync(folder + '/starts', mode + '\\n');
if (fs.existsSync(folder + '/broken')) process.exit(3);
const socket = require('node:net').connect(pipe);
socket.setEncoding('utf8').on('data', (text) => fs.appendFileSync(folder + '/shown', text));
socket.on('close', () => fs.appendFileSync(folder + '/ended', 'x') ?? process.exit(0));
fs.watch(folder, (_event, name) => {
  if (name !== 'press' || !fs.existsSync(folder + '/press')) return;
  const buttonId = fs.readFileSync(folder + '/press', 'utf8');
  if (buttonId === 'die') process.exit(1);
  if (buttonId) socket.write(JSON.stringify({ type: 'pressed', buttonId }) + '\\n');
});
`;
const BANNER: Panel = { kind: 'banner', title: 'Tess can see this computer', lines: ['Acme'], buttons: [] };

let folder: string;
let window: PanelWindow;
let pressed: string[];
let missing: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guruconnect-panel-'));
  const program = path.join(folder, 'program');
  writeFileSync(path.join(folder, 'program.cjs'), PROGRAM);
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${folder}/program.cjs' "$@"\n`);
  chmodSync(program, 0o755);
  [pressed, missing] = [[], []];
  const deps = { program, pipePrefix: `${folder}/`, clock: systemClock, random: () => 0, log: silentLog };
  window = createLauncherWindows(deps)({
    onPressed: (buttonId) => pressed.push(buttonId),
    onUnavailable: (reason) => missing.push(reason),
  });
});

afterEach(async () => {
  window.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const read = (name: string) => {
  const file = path.join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};
const shown = () =>
  read('shown')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).panel);

it('starts the program with the first panel, shows what follows in it, and hears what is pressed', async () => {
  window.show(undefined);
  window.show(BANNER);
  await vi.waitFor(() => expect(shown()).toEqual([BANNER]), 10_000);
  window.show({ ...BANNER, lines: [] });
  window.show(undefined);
  await vi.waitFor(() => expect(shown()).toEqual([BANNER, { ...BANNER, lines: [] }, null]), 10_000);
  writeFileSync(path.join(folder, 'press'), 'stop');
  await vi.waitFor(() => expect(pressed).toContain('stop'), 10_000);
  expect(read('starts')).toBe('--panel\n');
  window.close();
  await vi.waitFor(() => expect(read('ended')).toBe('x'), 10_000);
});

it('starts it again when it dies, with the panel of before', async () => {
  window.show(BANNER);
  await vi.waitFor(() => expect(shown()).toHaveLength(1), 10_000);
  writeFileSync(path.join(folder, 'press'), 'die');
  await vi.waitFor(() => expect(shown()).toEqual([BANNER, BANNER]), 10_000);
  expect(missing).toEqual([]);
});

it('says so once when there is no such program to be had', async () => {
  writeFileSync(path.join(folder, 'broken'), '');
  window.show(BANNER);
  await vi.waitFor(() => expect(missing).toEqual(['it ended with code 3']), 20_000);
  expect(read('starts')).toBe('--panel\n'.repeat(4));
});

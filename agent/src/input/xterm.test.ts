import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Injector } from './injector.ts';
import { DE, US } from './test/layouts.ts';
import { Technician } from './test/technician.ts';
import { XServer } from './test/x-server.ts';
import { openX11Injector } from './x11-injector.ts';

let server: XServer;
let injector: Injector;
let folder: string;

beforeAll(async () => {
  server = await XServer.start();
  await server.setLayout('us');
  injector = openX11Injector(server.display);
  folder = await mkdtemp(join(tmpdir(), 'xterm-'));
});

afterAll(async () => {
  injector.close();
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Runs `cat` in a real xterm, types with `hands` and returns the bytes that came out. */
async function typeIntoXterm(layout: string, hands: (technician: Technician) => void): Promise<string> {
  await server.setLayout(layout);
  injector.move(300, 200);
  const file = join(folder, layout);
  // The terminal tells through standard error that its shell runs, and ends when cat sees Control+D.
  const script = `echo ready >&3; cat > '${file}'`;
  const xterm = spawn('xterm', ['-u8', '-geometry', '200x50+0+0', '-e', 'sh', '-c', script], {
    env: server.env,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = once(xterm, 'exit');
  const [pipe] = [xterm.stdio[3]];
  if (pipe === null || pipe === undefined) throw new Error('xterm has no pipe');
  await once(pipe, 'data');
  const technician = new Technician(injector);
  hands(technician);
  technician.press('Enter');
  technician.chord(['ControlLeft'], 'KeyD', 'd');
  await ended;
  return readFile(file, 'utf8');
}

test.each(['us', 'de'])(
  'keys and text typed into an xterm on a %s desktop are exactly the bytes of a file',
  async (layout) => {
    const text = 'Zürich: "a|b\\c" {x} [y] ~ @ € µ – 漢字 👍 naïve';
    let typed = '';
    const bytes = await typeIntoXterm(layout, (technician) => {
      typed += technician.typeLayout(US);
      technician.press('Enter');
      typed += `\n${technician.typeLayout(DE)}\n${text}`;
      technician.press('Enter');
      injector.text(text);
    });
    expect(bytes).toBe(`${typed}\n`);
  },
);

test('two hundred characters in one go arrive without a loss', async () => {
  const line = 'The quick brown fox jumps over the lazy dog; "Pack my box" (with 5 dozen) liquor jugs! ';
  const text = (line + line + line).slice(0, 208).trimEnd();
  const bytes = await typeIntoXterm('us', () => injector.text(text));
  expect(bytes).toBe(`${text}\n`);
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ManagedProcess } from '../tools/stack/managed-process.ts';
import { newPerson } from './support/launch-browser.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';

const stage = stageOfThisFile();

it('the demo prints one link that opens its desktop, works once, and leaves nothing after Ctrl-C', async () => {
  const temporary = stage.newFolder('demo-');
  const demo = new ManagedProcess({
    name: 'demo',
    program: process.execPath,
    args: [join(ROOT, 'tools', 'run.mjs'), 'demo'],
    env: { ...process.env, TMPDIR: temporary },
  });
  stage.defer(() => demo.stop());
  const [link = ''] = await demo.waitFor(/http:\/\/127\.0\.0\.1:\d+\/launch\/\S+/, 80_000);

  const browser = await stage.launchBrowser();
  const page = await (await newPerson(browser)).newPage();
  await page.goto(link);
  const video = page.locator('video').first();
  await expect
    .poll(() => video.evaluate((element: HTMLVideoElement) => element.videoWidth), { timeout: 20_000 })
    .toBe(1280);
  const stranger = await (await newPerson(browser)).newPage();
  await stranger.goto(link);
  expect(new URL(stranger.url()).pathname).not.toMatch(/^\/app/);

  demo.signal('SIGINT');
  expect(await demo.ended).toEqual({ code: 0, signal: null });
  await expect(fetch(new URL(link).origin)).rejects.toThrow();
  // Only the loader's own cache stays.
  expect(readdirSync(temporary).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
}, 120_000);

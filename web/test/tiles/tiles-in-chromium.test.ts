import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type {} from './tiles-page.ts';

const SURFACE = { width: 130, height: 100 };
const RED = 'ff0000ff';
const GREEN = '00ff00ff';
const NOTHING = '00000000';

let browser: Browser;
let script: string;
let page: Page;

beforeAll(async () => {
  const entry = fileURLToPath(new URL('tiles-page.ts', import.meta.url));
  const built = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    conditions: ['source'],
  });
  script = built.outputFiles[0]?.text ?? '';
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
}, 120_000);
afterAll(() => browser?.close());

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 400, height: 300 } });
  await open(130, 100);
});
afterEach(() => page.close());

/** A blue picture, `#mark` over it, as large as wanted. */
async function open(width: number, height: number): Promise<void> {
  await page.setContent(`<!doctype html><body style="margin:0">
    <div id="picture" style="position:relative;width:${width}px;height:${height}px;background:#00f;image-rendering:pixelated">
      <video style="position:absolute;inset:0;width:100%;height:100%"></video>
      <i id="mark" style="position:absolute;left:0;top:0;width:4px;height:4px;background:#fff"></i>
    </div>`);
  await page.addScriptTag({ content: script });
}

/** Red tile 0, green tile 4 (the last but one, cut at the lower edge). */
async function sendTwo(content = 100, told = content): Promise<void> {
  await page.evaluate(
    ([surface, moment]) => window.tiles.pixels('a', surface, { 0: [255, 0, 0], 4: [0, 255, 0] }, moment),
    [SURFACE, [content, told]] as const,
  );
}

const at = (x: number, y: number) => page.evaluate(([px, py]) => window.tiles.at(px, py), [x, y] as const);
const until = (x: number, y: number, colour: string) =>
  page.waitForFunction(([px, py, wanted]) => window.tiles.at(px, py) === wanted, [x, y, colour] as const, {
    timeout: 5_000,
  });

/** What a person sees at these places. */
async function seen(...places: [number, number][]): Promise<string[]> {
  const png = (await page.screenshot()).toString('base64');
  return page.evaluate(
    async ([encoded, wanted]) => {
      const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
      context?.drawImage(picture, 0, 0);
      return wanted.map(([x, y]) =>
        [...(context?.getImageData(x, y, 1, 1).data ?? [])]
          .map((byte) => byte.toString(16).padStart(2, '0'))
          .join(''),
      );
    },
    [png, places] as const,
  );
}

it('lays tiles over the video at their places, bit by bit, and under what lies over the video', async () => {
  await page.evaluate(() => window.tiles.shown('a', 100));
  await sendTwo();
  await until(10, 10, RED);
  const blue = '0000ffff';
  expect(await seen([10, 10], [63, 63], [64, 10], [64, 64], [127, 99], [128, 99], [1, 1])).toEqual([
    RED,
    RED,
    blue,
    GREEN,
    GREEN,
    blue,
    'ffffffff',
  ]);
  expect(await page.evaluate(() => document.querySelector('video')?.nextElementSibling?.tagName)).toBe(
    'CANVAS',
  );
});

it('is scaled with the picture', async () => {
  await open(260, 200);
  await page.evaluate(() => window.tiles.shown('a', 100));
  await sendTwo();
  await until(10, 10, RED);
  expect(await seen([126, 126], [128, 130], [254, 198])).toEqual([RED, GREEN, GREEN]);
});

it('waits for the picture that the tiles belong to', async () => {
  await page.evaluate(() => window.tiles.shown('a', 100));
  await sendTwo(200);
  await page.evaluate(() => window.tiles.shown('a', 150));
  expect(await at(10, 10)).not.toBe(RED);
  await page.evaluate(() => window.tiles.shown('a', 200));
  await until(10, 10, RED);
});

it('takes a tile away in the same breath as it is named as changed, and brings it back by name', async () => {
  await page.evaluate(() => window.tiles.shown('a', 100));
  await sendTwo();
  await until(10, 10, RED);
  const after = await page.evaluate(() => {
    window.tiles.changed('a', 200, [0]);
    return [window.tiles.at(10, 10), window.tiles.at(70, 70)];
  });
  expect(after).toEqual([NOTHING, GREEN]);
  await page.evaluate((surface) => {
    window.tiles.shown('a', 200);
    window.tiles.same('a', surface, [0], [200, 200]);
  }, SURFACE);
  await until(10, 10, RED);
});

it('hides all tiles under a picture it was not told of, on its way or shown', async () => {
  await page.evaluate(() => window.tiles.shown('a', 100));
  await sendTwo();
  await until(10, 10, RED);
  const seenBy = await page.evaluate(() => {
    const { tiles } = window;
    const places: string[] = [];
    const look = () => places.push(tiles.at(10, 10));
    tiles.coming('a', 200);
    look();
    tiles.changed('a', 200, []);
    look();
    tiles.shown('a', 300);
    look();
    tiles.changed('a', 300, [4]);
    look();
    return places;
  });
  expect(seenBy).toEqual(['', RED, '', RED]);
  expect(await at(70, 70)).toBe(NOTHING);
});

it('drops what is unpacked too late: changed meanwhile, or of what the track showed before', async () => {
  await page.evaluate(() => window.tiles.shown('a', 100));
  await page.evaluate(async (surface) => {
    await window.tiles.pixels('a', surface, { 0: [255, 0, 0], 4: [0, 255, 0] }, [100, 100]);
    window.tiles.changed('a', 200, [0]);
  }, SURFACE);
  await until(70, 70, GREEN);
  expect(await at(10, 10)).toBe(NOTHING);
  await page.evaluate(async (surface) => {
    await window.tiles.pixels('a', surface, { 0: [255, 0, 0] }, [200, 200]);
    window.tiles.send('a', { type: 'clear', track: 0 });
    await window.tiles.pixels('a', surface, { 1: [0, 255, 0] }, [200, 200]);
    window.tiles.shown('a', 200);
  }, SURFACE);
  await until(70, 10, GREEN);
  expect(await at(10, 10)).toBe(NOTHING);
});

it('begins anew when the display gets another size', async () => {
  await page.evaluate(() => window.tiles.shown('a', 100));
  await sendTwo();
  await until(10, 10, RED);
  await page.evaluate(() =>
    window.tiles.pixels('a', { width: 64, height: 64 }, { 0: [0, 255, 0] }, [100, 100]),
  );
  await until(10, 10, GREEN);
  expect(
    await page.evaluate(() => window.tiles.canvases.map(({ width, height }) => [width, height])),
  ).toEqual([[64, 64]]);
});

it.each([
  ['bytes that are not deflated', [255, 254, 253]],
  ['nothing', []],
  // 100 kB of zeros in raw deflate, where 3 + 4096 bytes are due.
  ['far more bytes than were announced', 'bomb'],
])('takes nothing more of a peer that sends %s', async (_what, bytes) => {
  await page.evaluate(() => window.tiles.shown('a', 100));
  await sendTwo();
  await until(10, 10, RED);
  await page.evaluate(async (sent) => {
    const zeros = new Blob([new Uint8Array(100_000)])
      .stream()
      .pipeThrough(new CompressionStream('deflate-raw'));
    const deflated =
      sent === 'bomb'
        ? new Uint8Array(await new Response(zeros).arrayBuffer())
        : Uint8Array.from(sent as number[]);
    const surface = { width: 130, height: 100 };
    const moment = { contentRtp: 100, toldRtp: 100 };
    window.tiles.send('a', {
      type: 'pixels',
      track: 0,
      surface,
      tiles: [0],
      colours: 1,
      deflated,
      ...moment,
    });
  }, bytes);
  await page.waitForFunction(() => window.tiles.faults.length > 0);
  expect(await page.evaluate(() => window.tiles.canvases.length)).toBe(0);
  await sendTwo();
  await page.evaluate(() => window.tiles.shown('a', 100));
  expect(await page.evaluate(() => [window.tiles.canvases.length, window.tiles.faults.length])).toEqual([
    0, 1,
  ]);
});

it('takes nothing more of a peer that names tiles it never sent', async () => {
  await page.evaluate((surface) => window.tiles.same('a', surface, [3], [100, 100]), SURFACE);
  await page.waitForFunction(() => window.tiles.faults.length > 0);
});

it('shows the tiles of the peer whose picture is on the screen, and no others', async () => {
  await page.evaluate(() => window.tiles.shown('a', 100));
  await sendTwo();
  await until(10, 10, RED);
  await page.evaluate((surface) => {
    void window.tiles.pixels('b', surface, { 0: [0, 255, 0] }, [900, 900]);
    window.tiles.keep('b');
  }, SURFACE);
  expect(await page.evaluate(() => window.tiles.canvases.length)).toBe(0);
  await page.evaluate(() => window.tiles.shown('b', 900));
  await until(10, 10, GREEN);
  await page.evaluate(() => window.tiles.shown('a', 150));
  expect(await page.evaluate(() => window.tiles.canvases.length)).toBe(1);
  await page.evaluate(() => window.tiles.layers.lift());
  expect(await page.evaluate(() => window.tiles.canvases.length)).toBe(0);
  await page.evaluate(() => window.tiles.shown('b', 900));
  await until(10, 10, GREEN);
});

it('goes with the picture when the page puts it elsewhere, without a new picture', async () => {
  await page.evaluate(() => window.tiles.shown('a', 100));
  await sendTwo();
  await until(10, 10, RED);
  const parent = await page.evaluate(() => {
    const elsewhere = document.body.appendChild(document.createElement('div'));
    elsewhere.id = 'elsewhere';
    elsewhere.append(document.createElement('video'));
    window.tiles.move(elsewhere);
    return window.tiles.canvases.map((canvas) => canvas.parentElement?.id);
  });
  expect(parent).toEqual(['elsewhere']);
  expect(await at(10, 10)).toBe(RED);
});

it('spends no memory on a display of impossible size', async () => {
  await page.evaluate(() => window.tiles.shown('a', 100));
  await page.evaluate(() =>
    window.tiles.pixels('a', { width: 16_384, height: 16_384 }, { 0: [0, 255, 0] }, [100, 100]),
  );
  expect(await page.evaluate(() => window.tiles.canvases[0]?.width)).not.toBe(16_384);
  expect(await page.evaluate(() => window.tiles.faults)).toEqual([]);
});

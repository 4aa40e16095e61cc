import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Injector } from './injector.ts';
import { DE, US } from './test/layouts.ts';
import { Technician } from './test/technician.ts';
import { XServer } from './test/x-server.ts';
import { openX11Injector } from './x11-injector.ts';

let server: XServer;
let browser: Browser;
let page: Page;
let injector: Injector;

beforeAll(async () => {
  server = await XServer.start();
  await server.setLayout('us');
  injector = openX11Injector(server.display);
  const env = Object.fromEntries(Object.entries(server.env).filter(([, value]) => value !== undefined));
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: false,
    args: ['--no-sandbox', '--kiosk', '--ozone-platform=x11'],
    env: env as Record<string, string>,
  });
  page = await browser.newPage({ viewport: null });
  await page.setContent(`<textarea autofocus spellcheck="false" style="position:fixed;inset:0"></textarea>
    <script>
      const area = document.querySelector('textarea');
      area.onkeydown = (event) => { if (event.key === 'F9') document.title = 'done ' + event.timeStamp; };
    </script>`);
  injector.move(400, 400);
  injector.button(0, true);
  injector.button(0, false);
  await page.waitForFunction("document.hasFocus() && document.activeElement.tagName === 'TEXTAREA'");
});

afterAll(async () => {
  injector.close();
  await browser.close();
  await server.stop();
});

/** What the page's text area holds once all keys so far have reached it; empties it. */
async function takeValue(technician: Technician): Promise<string> {
  const before = await page.title();
  technician.press('F9');
  await page.waitForFunction(`document.title !== ${JSON.stringify(before)}`);
  const area = page.locator('textarea');
  const value = await area.inputValue();
  await area.fill('');
  return value;
}

for (const layout of ['us', 'de']) {
  test(`a web page on a ${layout} desktop gets every key of both layouts, and text that neither has`, async () => {
    await server.setLayout(layout);
    const technician = new Technician(injector);
    let typed = technician.typeLayout(US);
    expect(await takeValue(technician)).toBe(typed);
    typed = technician.typeLayout(DE);
    expect(await takeValue(technician)).toBe(typed);
    const text = 'naïve café 漢字かな交じり文 👍 Привет ≤≥';
    injector.text(text);
    expect(await takeValue(technician)).toBe(text);
  });
}

test('shortcuts select, cut and paste', async () => {
  await server.setLayout('de');
  const technician = new Technician(injector);
  injector.text('abc');
  technician.chord(['ControlLeft'], 'KeyA', 'a');
  technician.chord(['ControlLeft'], 'KeyX', 'x');
  technician.chord(['ControlLeft'], 'KeyV', 'v');
  technician.chord(['ControlLeft'], 'KeyV', 'v');
  technician.chord(['ControlLeft'], 'KeyY', 'z');
  technician.chord(['ShiftLeft'], 'Home');
  technician.press('KeyZ', 'y');
  expect(await takeValue(technician)).toBe('y');
});

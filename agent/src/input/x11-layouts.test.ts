import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Injector } from './injector.ts';
import { EventRecorder } from './test/event-recorder.ts';
import { DE, US } from './test/layouts.ts';
import { Technician } from './test/technician.ts';
import { XServer } from './test/x-server.ts';
import { X11Connection } from './x11-connection.ts';
import { openX11Injector } from './x11-injector.ts';
import { loadX11Library } from './x11-library.ts';

const LAYOUTS = { us: US, de: DE };
const PAIRS = (['us', 'de'] as const).flatMap((from) => (['us', 'de'] as const).map((to) => ({ from, to })));

describe('a technician types every key of a layout', () => {
  let server: XServer;
  let recorder: EventRecorder;
  let injector: Injector;
  let observer: X11Connection;

  beforeAll(async () => {
    server = await XServer.start();
    await server.setLayout('us');
    recorder = await EventRecorder.start(server);
    injector = openX11Injector(server.display);
    observer = new X11Connection(loadX11Library(), server.display);
  });

  afterAll(async () => {
    observer.close();
    injector.close();
    await recorder.stop();
    await server.stop();
  });

  for (const { from, to } of PAIRS) {
    test(`${from} keyboard to ${to} desktop: all characters at all levels arrive and no key stays down`, async () => {
      await server.setLayout(to);
      const typed = new Technician(injector).typeLayout(LAYOUTS[from]);
      expect(await recorder.takeText(injector)).toBe(typed);
      expect(observer.keysDown()).toEqual([]);
      expect(observer.state().modifiers).toBe(0);
    });
  }

  for (const to of ['fr', 'gb', 'us,ru', 'ru,us', 'pl', 'us(intl)', 'ch', 'gr']) {
    test(`de and us keyboards to a ${to} desktop`, async () => {
      const [layout = '', variant = ''] = to.split(/[()]/);
      await server.setLayout(layout, '-variant', variant);
      const technician = new Technician(injector);
      const typed = technician.typeLayout(DE) + technician.typeLayout(US);
      expect(await recorder.takeText(injector)).toBe(typed);
      expect(observer.keysDown()).toEqual([]);
      expect(observer.state()).toMatchObject({ modifiers: 0, group: 0 });
    });
  }
});

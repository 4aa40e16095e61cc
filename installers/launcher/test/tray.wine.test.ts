import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WineProcess } from '../../../tools/windows/wine-process.ts';
import { LauncherStage } from './support/launcher-stage.ts';

const SERVICE = fileURLToPath(new URL('programs/fake-service.c', import.meta.url));

let stage: LauncherStage;
let tray: WineProcess;
beforeAll(async () => {
  stage = await LauncherStage.start();
  tray = stage.startDownloaded('GuruConnect.exe', stage.program, ['--tray']);
  await stage.window('tray', 'GuruConnectTray', 'wait');
});
afterAll(() => stage.close());

describe('the icon beside the clock', () => {
  it('is there once, however often it is started', async () => {
    const second = stage.startDownloaded('GuruConnect-second.exe', stage.program, ['--tray']);
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(tray.isRunning).toBe(true);
  });

  it('says that nobody is there to send a request', async () => {
    await stage.window('tray', 'GuruConnectTray', 'request');
    await stage.window('press', 'GuruConnectSupport', 'Send');
    await stage.window('wait', 'GuruConnectSupport', 'Please say in a few words what you need help with.');
    await stage.window('type', 'GuruConnectSupport', 'My printer is on fire.');
    await stage.window('press', 'GuruConnectSupport', 'Send');
    await stage.window('wait', 'GuruConnectSupport', 'GuruConnect does not run on this computer.');
  });

  it('sends a request to the service, with who asks, and passes on what it answers', async () => {
    const failing = await stage.wine.startProgram(SERVICE, [
      '{"type":"failed","text":"Please wait half a minute."}',
    ]);
    await failing.waitFor(/ready/);
    await stage.window('press', 'GuruConnectSupport', 'Send');
    await stage.window('wait', 'GuruConnectSupport', 'Please wait half a minute.');
    await failing.ended;
    const service = await stage.wine.startProgram(SERVICE, ['{"type":"sent"}']);
    await service.waitFor(/ready/);
    await stage.window('type', 'GuruConnectSupport', 'Größer als "geplant"\\');
    await stage.window('press', 'GuruConnectSupport', 'Send');
    await stage.window('wait', 'GuruConnectSupport', 'Your request was sent.');
    await service.ended;
    const line = /^\{.*\}$/m.exec(service.output)?.[0] ?? '';
    expect(JSON.parse(line)).toEqual({
      type: 'request-support',
      message: 'Größer als "geplant"\\',
      user: expect.stringMatching(/./),
    });
  });

  it('ends when the person hides it, whatever the service wrote', async () => {
    const folder = join(stage.wine.driveC, 'ProgramData', 'GuruConnect', 'public');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'status.json'), '{"online":tr');
    await stage.window('tray', 'GuruConnectTray', 'hide');
    expect(await tray.ended).toMatchObject({ code: 0 });
  });

  it('hands over to the window program of the version that runs, and to none elsewhere', async () => {
    const folder = join(stage.wine.driveC, 'Program Files', 'GuruConnect', 'tray', '2.0.0');
    const newer = join(folder, 'GuruConnect.exe');
    mkdirSync(folder, { recursive: true });
    writeFileSync(newer, stage.program);
    writeStatus(join(stage.downloads, 'GuruConnect-second.exe'));
    const old = stage.startDownloaded('GuruConnect.exe', stage.program, ['--tray']);
    await stage.window('tray', 'GuruConnectTray', 'wait');
    expect(old.isRunning).toBe(true);
    writeStatus(newer);
    expect(await old.ended).toMatchObject({ code: 0 });
    await stage.window('tray', 'GuruConnectTray', 'wait');
    const running = stage.wine.processesNamed('GuruConnect.exe').map(({ commandLine }) => commandLine);
    expect(running).toEqual([expect.stringContaining('tray\\2.0.0')]);
  });
});

/** What the service says of itself, with the window program of its version. */
function writeStatus(tray: string): void {
  const file = join(stage.wine.driveC, 'ProgramData', 'GuruConnect', 'public', 'status.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ online: true, version: '2.0.0', tray: stage.wine.windows(tray) }));
}

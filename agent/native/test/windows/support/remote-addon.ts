import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fetchPackage } from '../../../../../installers/windows/fetch-package.mjs';
import { windowsPackages } from '../../../../../installers/windows/windows-packages.mjs';
import type { WinePrefix } from '../../../../../tools/windows/wine-prefix.ts';
import type { CaptureSettings, NativeCapture, NativeCaptureEvent, NativeDisplay } from '../../../addon.d.ts';
import { buildNativeWindows } from '../../../build-windows.mjs';
import { defaultSettings, type Recorder, recordEvents } from '../../support/recorder.ts';

const here = import.meta.dirname;
const root = path.join(here, '..', '..', '..', '..', '..');

/** The addon as Windows' Node has loaded it, in a process under Wine. */
export interface RemoteAddon {
  listDisplays(): Promise<NativeDisplay[]>;
  /** Milliseconds of its process.hrtime. */
  clock(): Promise<number>;
  /** Microseconds that its process has spent. */
  cpu(): Promise<{ user: number; system: number }>;
  /** Calls a function of `windows_probe_addon.cc`. */
  probe(name: string, ...args: readonly unknown[]): Promise<unknown>;
  /** Rejects as openCapture throws. */
  open(settings?: Partial<CaptureSettings>, displayId?: string): Promise<Recorder>;
  /** Resolves once the thread of the capture has ended. */
  close(): Promise<void>;
  /** Ends the process. */
  end(): Promise<void>;
}

/** What it answers is checked by the tests that read it. */
type Call = (call: string, ...args: readonly unknown[]) => Promise<unknown>;

export async function startRemoteAddon(wine: WinePrefix): Promise<RemoteAddon> {
  const { addon, probe } = await buildNativeWindows({ targets: ['addon', 'probe'] });
  const [node] = windowsPackages(root);
  if (node === undefined) throw new Error('no Node for Windows is pinned');
  const nodeExe = path.join(await fetchPackage(node), 'bin', 'node.exe');
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the port is not known');
  const script = wine.windows(path.join(here, 'addon-process.mjs'));
  const process = wine.start(nodeExe, [
    script,
    String(address.port),
    ...[addon, probe].map((file) => wine.windows(file)),
  ]);
  const connected = once(server, 'connection');
  const early = process.ended.then(() => Promise.reject(new Error(`node.exe ended: ${process.output}`)));
  const [socket] = (await Promise.race([connected, early])) as [Socket];
  server.close();
  early.catch(() => {});
  return speak(socket, () => process.ended);
}

function speak(socket: Socket, ended: () => Promise<unknown>): RemoteAddon {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let onEvent: (event: NativeCaptureEvent) => void = () => {};
  let calls = 0;
  createInterface(socket).on('line', (line) => {
    const { id, result, error, event } = JSON.parse(line, fromBase64);
    if (event !== undefined) return onEvent(event);
    if (error === undefined) waiting.get(id)?.resolve(result);
    else waiting.get(id)?.reject(new Error(error));
  });
  const call: Call = (name, ...args) => {
    calls += 1;
    const id = calls;
    socket.write(`${JSON.stringify({ id, call: name, args })}\n`);
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  };
  return {
    listDisplays: async () => (await call('listDisplays')) as NativeDisplay[],
    clock: async () => (await call('clock')) as number,
    cpu: async () => (await call('cpu')) as { user: number; system: number },
    probe: (name, ...args) => call('probe', name, ...args),
    open: async (settings = {}, displayId = '\\\\.\\DISPLAY1') => {
      const recorder = recordEvents((listener) => {
        onEvent = listener;
        return captureOver(call);
      });
      await call('open', { ...defaultSettings, ...settings, display: '', displayId });
      return recorder;
    },
    close: async () => {
      await call('capture', 'close');
    },
    end: async () => {
      socket.destroy();
      await ended();
    },
  };
}

/** Does not wait for answers: the order of what is said is the order of what is done. */
const captureOver = (call: Call): NativeCapture => ({
  configure: (settings) => void call('capture', 'configure', settings),
  requestKeyFrame: () => void call('capture', 'requestKeyFrame'),
  requestTiles: (request) => void call('capture', 'requestTiles', request),
  pause: () => void call('capture', 'pause'),
  resume: () => void call('capture', 'resume'),
  close: () => void call('capture', 'close'),
});

function fromBase64(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('base64' in value)) return value;
  return Buffer.from(String(value.base64), 'base64');
}

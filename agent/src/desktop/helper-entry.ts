import { loadNativeAddon } from '../../native/load-addon.ts';
import { systemClock } from '../core/clock.ts';
import { describeError } from '../core/log.ts';
import { openInjector } from '../input/open-injector.ts';
import { openWindowsInjector } from '../input/open-windows-injector.ts';
import { osFamily } from '../machine/os-family.ts';
import { DesktopCore } from './desktop-core.ts';
import type { DesktopCommand } from './desktop-messages.ts';

const openInjectors = {
  linux: (display: string) =>
    openInjector(display, {
      onFallback: (reason) => process.stderr.write(`falling back to robotjs: ${describeError(reason)}\n`),
    }),
  windows: openWindowsInjector,
};

/** Main file of the desktop helper process; started by `child-helper.ts`, which it speaks with over IPC. */
const core = new DesktopCore({
  addon: loadNativeAddon(),
  openInjector: openInjectors[osFamily()],
  clock: systemClock,
  emit: (event) => {
    if (process.connected) process.send?.(event);
  },
});

function end(): void {
  core.close();
  process.exit(0);
}

process.on('message', (command) => core.handle(command as DesktopCommand));
process.on('disconnect', end);
process.on('SIGTERM', end);
// A terminal sends these to the whole process group; the session host decides what follows and in which order.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
// A session host that died while this file was being loaded is told to nobody.
if (!process.connected) end();

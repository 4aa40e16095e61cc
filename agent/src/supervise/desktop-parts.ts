import { fileURLToPath } from 'node:url';
import { setAuthFile } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { createChildHelpers, type HelperPrograms } from '../desktop/child-helper.ts';
import type { OpenDesktopHelper } from '../desktop/desktop-messages.ts';
import { createFollowingHelpers } from '../desktop/following-helper.ts';
import { MachineFiles } from '../inventory/machine-files.ts';
import { DesktopFollower } from '../logon/desktop-follower.ts';
import type { FoundDesktop } from '../logon/find-desktop.ts';
import { LogonReader } from '../logon/logon-reader.ts';
import { createChildWindows } from '../window/child-window.ts';
import { createFollowingWindows } from '../window/following-windows.ts';
import { createLauncherWindows } from '../window/launcher-windows.ts';
import type { OpenPanelWindow } from '../window/panel.ts';
import type { HostSettings } from './host-messages.ts';

/** What of a session is of the system's kind. */
export interface DesktopParts {
  readonly openHelper: OpenDesktopHelper;
  /** undefined where no window can be shown. */
  readonly openWindow: OpenPanelWindow | undefined;
  /** Whether somebody is logged on who could answer a question. */
  readonly isSomebodyThere: () => Promise<boolean>;
}

interface Given {
  readonly helpers: HelperPrograms;
  readonly log: Log;
}

const WINDOW_ENTRY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../window/window-entry.ts' : './window.mjs', import.meta.url),
);

/** X11 desktops: the one that was named, or for an always-on agent the one that is on the screen. */
export function linuxDesktopParts(
  { display, unattended }: HostSettings,
  { helpers, log }: Given,
): DesktopParts {
  const onScreen = unattended && followDesktop(unattended, helpers, log);
  const openHelper = createChildHelpers({ programs: helpers, log });
  const openWindow = (on: string) =>
    createChildWindows({
      entry: WINDOW_ENTRY,
      display: on,
      clock: systemClock,
      random: Math.random,
      log,
    });
  return {
    openHelper: onScreen ? createFollowingHelpers(onScreen.desktop, openHelper) : openHelper,
    openWindow: onScreen ? createFollowingWindows(onScreen.desktop, openWindow) : openWindow(display),
    isSomebodyThere: onScreen ? onScreen.isSomebodyThere : async () => true,
  };
}

/** Windows shows one desktop; who else is on the computer is the launcher's business, as its windows are. */
export function windowsDesktopParts(
  { panelProgram, isSomebodyThere }: Pick<HostSettings, 'panelProgram' | 'isSomebodyThere'>,
  { helpers, log }: Given,
): DesktopParts {
  return {
    openHelper: createChildHelpers({ programs: helpers, log }),
    openWindow:
      panelProgram === undefined
        ? undefined
        : createLauncherWindows({
            program: panelProgram,
            pipePrefix: '\\\\.\\pipe\\',
            clock: systemClock,
            random: Math.random,
            log,
          }),
    isSomebodyThere: async () => isSomebodyThere ?? true,
  };
}

/** What an always-on agent shows: the desktop that is on the screen, unless it was told which. */
function followDesktop(
  { askedDisplay, desktop: first }: NonNullable<HostSettings['unattended']>,
  helpers: HelperPrograms,
  log: Log,
) {
  const logon = new LogonReader({
    files: new MachineFiles(),
    display: askedDisplay,
    authFile: first.kind === 'x11' ? first.authFile : undefined,
  });
  const find = () => logon.find();
  const prepare = (desktop: FoundDesktop) => {
    log.info({ desktop }, 'another desktop is on the screen');
    setAuthFile(desktop.kind === 'x11' ? desktop.authFile : undefined);
    // Started for the desktop of before.
    helpers.discard();
  };
  return {
    desktop: new DesktopFollower({
      first,
      // The one that was asked for stays.
      find: askedDisplay === undefined ? find : async () => ({ user: '', desktop: first }),
      clock: systemClock,
      prepare,
    }),
    isSomebodyThere: async () => {
      const { desktop, user } = await find();
      return desktop.kind === 'x11' && user !== '';
    },
  };
}

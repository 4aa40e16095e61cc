import { fileURLToPath } from 'node:url';
import type { MachineInfo } from '@guruconnect/shared';
import { setAuthFile } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { createChildHelpers, type HelperPrograms, helperPrograms } from '../desktop/child-helper.ts';
import { createFollowingHelpers } from '../desktop/following-helper.ts';
import { MachineFiles } from '../inventory/machine-files.ts';
import { createSocketLinks } from '../link/socket-link.ts';
import { DesktopFollower } from '../logon/desktop-follower.ts';
import type { FoundDesktop } from '../logon/find-desktop.ts';
import { LogonReader } from '../logon/logon-reader.ts';
import { networkAddresses } from '../machine/network-addresses.ts';
import type { SessionTicket } from '../presence/presence.ts';
import { choosePeers } from '../relay/choose-peers.ts';
import { createRelayPeers } from '../relay/relay-peer.ts';
import { createNodePeers } from '../rtc/node-peer.ts';
import { PathController } from '../rtc/rate/path-controller.ts';
import { FilePins } from '../secure/viewer-pins.ts';
import { ConsentDefault } from '../session/consent-default.ts';
import { tellInAll } from '../session/people.ts';
import type { PersonAtMachine } from '../session/person.ts';
import type { RunSessionDeps } from '../session/run-session.ts';
import type { SessionHost } from '../session/session-host.ts';
import { createChildWindows } from '../window/child-window.ts';
import { createFollowingWindows } from '../window/following-windows.ts';
import { WindowPerson } from '../window/window-person.ts';
import type { HostSettings } from './host-messages.ts';

/** Of the first picture, before anything is known of the path. */
const ENCODER_START_BITRATE = 6_000_000;

/** The scripts of further processes lie beside this file's bundle, or as sources in their folders. */
const entry = (source: string, bundled: string) =>
  fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? source : bundled, import.meta.url));
const HELPER_ENTRY = entry('../desktop/helper-entry.ts', './desktop-helper.mjs');
const WINDOW_ENTRY = entry('../window/window-entry.ts', './window.mjs');

/** The desktop helpers of this process. */
export function createHelperPrograms(): HelperPrograms {
  return helperPrograms({ entry: HELPER_ENTRY });
}

interface SessionParts {
  readonly log: Log;
  readonly machine: MachineInfo;
  readonly person: PersonAtMachine;
  readonly helpers: HelperPrograms;
}

/** Builds everything a session host runs on: the composition root of its process. */
export function createSessionDeps(
  { origin, ca, display, bindAddress, windows, stateDir, unattended }: HostSettings,
  { log, machine, person, helpers }: SessionParts,
  { sessionId, sessionToken }: SessionTicket,
): RunSessionDeps {
  const clock = systemClock;
  const random = Math.random;
  const newRateController = () => new PathController();
  const onScreen = unattended && followDesktop(unattended, helpers, log);
  const openHelper = createChildHelpers({ programs: helpers, log });
  const openWindow = (on: string) =>
    createChildWindows({ entry: WINDOW_ENTRY, display: on, clock, random, log });
  const openWindows = (host: () => SessionHost) =>
    new WindowPerson({
      openWindow: onScreen ? createFollowingWindows(onScreen.desktop, openWindow) : openWindow(display),
      answer: (participantId, answer) => host().answerConsent(participantId, answer),
      stop: () => void host().stop('guest-stopped'),
      remotePressAgoMs: () => host().remotePressAgoMs(),
      log,
    });
  return {
    clock,
    random,
    log,
    display,
    machine,
    startBitrate: ENCODER_START_BITRATE,
    openHelper: onScreen ? createFollowingHelpers(onScreen.desktop, openHelper) : openHelper,
    openPeer: choosePeers({
      webrtc: createNodePeers({ clock, newRateController, ...(bindAddress ? { bindAddress } : {}) }),
      relay: createRelayPeers({ clock, serverOrigin: origin, ca }),
    }),
    openLink: createSocketLinks({ origin, sessionToken, clock, random, log, ...(ca ? { ca } : {}) }),
    pins: new FilePins({ dir: stateDir, sessionId }),
    addresses: networkAddresses,
    newPerson: (host) => {
      const byDefault = new ConsentDefault({
        clock,
        isSomebodyThere: onScreen ? onScreen.isSomebodyThere : async () => true,
        answer: (participantId, answer) => host().answerConsent(participantId, answer, true),
        onCountdown: (countdown) => inWindows?.countdown(countdown),
        log,
      });
      const inWindows = windows ? openWindows(host) : undefined;
      return tellInAll([person, ...(inWindows ? [inWindows] : []), byDefault]);
    },
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

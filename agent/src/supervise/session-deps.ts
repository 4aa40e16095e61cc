import { fileURLToPath } from 'node:url';
import type { MachineInfo } from '@guruconnect/shared';
import { systemClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { type HelperPrograms, helperPrograms } from '../desktop/child-helper.ts';
import { createSocketLinks } from '../link/socket-link.ts';
import { networkAddresses } from '../machine/network-addresses.ts';
import { osFamily } from '../machine/os-family.ts';
import type { SessionTicket } from '../presence/presence.ts';
import { choosePeers } from '../relay/choose-peers.ts';
import { createRelayPeers } from '../relay/relay-peer.ts';
import { createNodePeers } from '../rtc/node-peer.ts';
import { PathController } from '../rtc/rate/path-controller.ts';
import { FilePins } from '../secure/viewer-pins.ts';
import { ConsentDefault } from '../session/consent-default.ts';
import type { SecureAttention } from '../session/input-dispatcher.ts';
import { tellInAll } from '../session/people.ts';
import type { PersonAtMachine } from '../session/person.ts';
import type { RunSessionDeps } from '../session/run-session.ts';
import type { SessionHost } from '../session/session-host.ts';
import { WindowPerson } from '../window/window-person.ts';
import { linuxDesktopParts, windowsDesktopParts } from './desktop-parts.ts';
import type { HostSettings } from './host-messages.ts';

/** Of the first picture, before anything is known of the path. */
const ENCODER_START_BITRATE = 6_000_000;

/** The scripts of further processes lie beside this file's bundle, or as sources in their folders. */
const entry = (source: string, bundled: string) =>
  fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? source : bundled, import.meta.url));
const HELPER_ENTRY = entry('../desktop/helper-entry.ts', './desktop-helper.mjs');

const desktopParts = { linux: linuxDesktopParts, windows: windowsDesktopParts };

/** The desktop helpers of this process. */
export function createHelperPrograms(): HelperPrograms {
  return helperPrograms({ entry: HELPER_ENTRY });
}

interface SessionParts {
  readonly log: Log;
  readonly machine: MachineInfo;
  readonly person: PersonAtMachine;
  readonly helpers: HelperPrograms;
  /** Asks the supervisor for Ctrl-Alt-Del. */
  readonly askSecureAttention: () => void;
}

/** Builds everything a session host runs on: the composition root of its process. */
export function createSessionDeps(
  settings: HostSettings,
  { log, machine, person, helpers, askSecureAttention }: SessionParts,
  { sessionId, sessionToken }: SessionTicket,
): RunSessionDeps {
  const { origin, ca, proxies, display, bindAddress, windows, stateDir } = settings;
  const clock = systemClock;
  const random = Math.random;
  const newRateController = () => new PathController();
  const desktop = desktopParts[osFamily()](settings, { helpers, log });
  const openWindows = (host: () => SessionHost) =>
    desktop.openWindow &&
    new WindowPerson({
      openWindow: desktop.openWindow,
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
    openHelper: desktop.openHelper,
    encoder: settings.encoder,
    openPeer: choosePeers({
      webrtc: createNodePeers({ clock, newRateController, ...(bindAddress ? { bindAddress } : {}) }),
      relay: createRelayPeers({ clock, serverOrigin: origin, ca, proxies }),
    }),
    openLink: createSocketLinks({ origin, sessionToken, clock, random, log, ca, proxies }),
    pins: new FilePins({ dir: stateDir, sessionId }),
    addresses: networkAddresses,
    secureAttention: secureAttentionOf(settings, askSecureAttention),
    newPerson: (host) => {
      const byDefault = new ConsentDefault({
        clock,
        isSomebodyThere: desktop.isSomebodyThere,
        answer: (participantId, answer) => host().answerConsent(participantId, answer, true),
        onCountdown: (countdown) => inWindows?.countdown(countdown),
        log,
      });
      const inWindows = windows ? openWindows(host) : undefined;
      return tellInAll([person, ...(inWindows ? [inWindows] : []), byDefault]);
    },
  };
}

const NOBODY_CAN =
  'Windows lets nobody press Ctrl+Alt+Del but an agent that is installed, or that was started as administrator.';

function secureAttentionOf({ ctrlAltDelete }: HostSettings, ask: () => void): SecureAttention | undefined {
  switch (ctrlAltDelete) {
    case undefined:
      return undefined;
    case 'nobody':
      return () => NOBODY_CAN;
    case 'service':
      return () => {
        ask();
        return undefined;
      };
  }
}

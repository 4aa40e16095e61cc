import type { Capability, EndReason, MachineInfo } from '@guruconnect/shared';
import type { EncoderChoice } from '../../native/addon.d.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { Desktop } from '../desktop/desktop.ts';
import type { OpenDesktopHelper } from '../desktop/desktop-messages.ts';
import type { OpenLink } from '../link/server-link.ts';
import type { SessionTicket } from '../presence/presence.ts';
import type { OpenPeer } from '../rtc/peer.ts';
import { readIdentityKey } from '../secure/identity-key.ts';
import { createSecurePeers } from '../secure/secure-peers.ts';
import type { ViewerPins } from '../secure/viewer-pins.ts';
import { GrantVerifier } from './grant-verifier.ts';
import type { SecureAttention } from './input-dispatcher.ts';
import type { PersonAtMachine } from './person.ts';
import { SessionHost } from './session-host.ts';

export interface RunSessionDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly openHelper: OpenDesktopHelper;
  /** By default the desktop helper's own choice. */
  readonly encoder?: EncoderChoice | undefined;
  readonly openPeer: OpenPeer;
  readonly openLink: OpenLink;
  readonly display: string;
  readonly machine: MachineInfo;
  readonly startBitrate: number;
  readonly pins: ViewerPins;
  /** Under which addresses others may reach this machine now. */
  readonly addresses: () => readonly string[];
  readonly secureAttention?: SecureAttention | undefined;
  readonly newPerson: (host: () => SessionHost) => PersonAtMachine;
}

export type SessionOutcome =
  /** The server did not take the ticket; the session never began here. */
  'refused' | 'ended';

export interface RunningSession {
  readonly outcome: Promise<SessionOutcome>;
  /** Ends it from this side. */
  stop(reason: EndReason): Promise<void>;
  /** The person at the machine answered somewhere else than in this process. */
  answerConsent(participantId: string, answer: Capability | 'refuse'): Promise<void>;
}

/** Runs one session to its end. */
export function runSession(deps: RunSessionDeps, ticket: SessionTicket): RunningSession {
  const { clock, random, log, display, openHelper, openLink, machine, startBitrate, pins } = deps;
  let settle: (outcome: SessionOutcome) => void = () => {};
  const outcome = new Promise<SessionOutcome>((resolve) => {
    settle = resolve;
  });
  const { serverPublicKey, sessionId } = ticket;
  const host: SessionHost = new SessionHost({
    clock,
    log,
    openLink,
    openPeer: createSecurePeers(deps.openPeer, {
      identity: readIdentityKey(ticket.identityKey),
      sessionId,
    }),
    pins,
    machine,
    startBitrate,
    desktop: new Desktop({ openHelper, display, encoder: deps.encoder, clock, random, log }),
    verifier: new GrantVerifier({ serverPublicKey, sessionId, clock }),
    person: deps.newPerson(() => host),
    addresses: deps.addresses,
    secureAttention: deps.secureAttention,
    onEnded: (reason) => {
      pins.forget();
      settle(reason === null && !host.wasUp ? 'refused' : 'ended');
    },
  });
  return {
    outcome,
    stop: (reason) => host.stop(reason),
    answerConsent: (participantId, answer) => host.answerConsent(participantId, answer),
  };
}

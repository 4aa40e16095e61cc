import type { EndReason, MachineInfo } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { Desktop } from '../desktop/desktop.ts';
import type { OpenDesktopHelper } from '../desktop/desktop-messages.ts';
import type { OpenLink } from '../link/server-link.ts';
import type { SessionTicket } from '../presence/presence.ts';
import type { OpenPeer } from '../rtc/peer.ts';
import { GrantVerifier } from './grant-verifier.ts';
import type { PersonAtMachine } from './person.ts';
import { SessionHost } from './session-host.ts';

export interface RunSessionDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly openHelper: OpenDesktopHelper;
  readonly openPeer: OpenPeer;
  readonly openLink: OpenLink;
  readonly display: string;
  readonly machine: MachineInfo;
  readonly startBitrate: number;
  readonly newPerson: (host: () => SessionHost) => PersonAtMachine;
}

export type SessionOutcome =
  /** The server did not take the ticket; the session never began here. */
  'refused' | 'ended';

/** Runs one session to its end. `stop` ends it from this side. */
export function runSession(
  deps: RunSessionDeps,
  ticket: SessionTicket,
): { readonly outcome: Promise<SessionOutcome>; stop(reason: EndReason): Promise<void> } {
  const { clock, random, log, display, openHelper, openPeer, openLink, machine, startBitrate } = deps;
  let settle: (outcome: SessionOutcome) => void = () => {};
  const outcome = new Promise<SessionOutcome>((resolve) => {
    settle = resolve;
  });
  const { serverPublicKey, sessionId } = ticket;
  const host: SessionHost = new SessionHost({
    clock,
    log,
    openLink,
    openPeer,
    machine,
    startBitrate,
    desktop: new Desktop({ openHelper, display, clock, random, log }),
    verifier: new GrantVerifier({ serverPublicKey, sessionId, clock }),
    person: deps.newPerson(() => host),
    onEnded: (reason) => settle(reason === null && !host.wasUp ? 'refused' : 'ended'),
  });
  return { outcome, stop: (reason) => host.stop(reason) };
}

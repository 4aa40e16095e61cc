import { randomUUID } from 'node:crypto';
import {
  type AgentControlMessage,
  type AgentSessionView,
  type Capability,
  type EndReason,
  encodeInput,
  type InputMessage,
  type MachineInfo,
  type PeerOrder,
} from '@guruconnect/shared';
import { silentLog } from '../../src/core/log.ts';
import { Desktop } from '../../src/desktop/desktop.ts';
import { createInProcessHelpers } from '../../src/desktop/in-process-helper.ts';
import { RecordingInjector } from '../../src/input/recording-injector.ts';
import { MemoryPeers } from '../../src/rtc/memory-peer.ts';
import type { OpenPeer } from '../../src/rtc/peer.ts';
import { MemoryPins } from '../../src/secure/viewer-pins.ts';
import { GrantVerifier } from '../../src/session/grant-verifier.ts';
import { SessionHost } from '../../src/session/session-host.ts';
import { FakeAddon } from './fake-addon.ts';
import { FakeClock } from './fake-clock.ts';
import { GrantSigner } from './grants.ts';
import { MemoryServer } from './memory-link.ts';

export const MACHINE: MachineInfo = {
  hostname: 'PC-7',
  user: 'ada',
  os: 'linux',
  osName: 'Debian GNU/Linux 12 (bookworm)',
  agentVersion: '0.1.0',
  elevated: false,
};

export function sessionView(sessionId: string): AgentSessionView {
  return {
    sessionId,
    companyName: 'Example IT',
    consentRequired: true,
    consentTimeout: null,
    guestPanelOpen: true,
    participants: [],
  };
}

/** A session host with a desktop, peers and a server that live in the test. */
export async function startSession(
  options: {
    limits?: { idleMs: number | null; endsAt: number | null };
    /** What stands around the peers. */
    around?: (peers: OpenPeer, sessionId: string) => OpenPeer;
  } = {},
) {
  const clock = new FakeClock();
  const signer = new GrantSigner();
  const { sessionId } = signer;
  const addon = new FakeAddon(clock);
  const injectors: RecordingInjector[] = [];
  const peers = new MemoryPeers();
  const server = new MemoryServer({
    session: sessionView(sessionId),
    grants: [],
    limits: options.limits ?? { idleMs: null, endsAt: null },
  });
  const addresses = ['10.0.0.2'];
  const ended: (EndReason | null)[] = [];
  const words: (readonly string[])[] = [];
  const views: AgentSessionView[] = [];
  const host = new SessionHost({
    clock,
    log: silentLog,
    openLink: server.open,
    openPeer: options.around?.(peers.open, sessionId) ?? peers.open,
    machine: MACHINE,
    startBitrate: 6_000_000,
    desktop: new Desktop({
      clock,
      random: () => 0,
      log: silentLog,
      display: ':1',
      openHelper: createInProcessHelpers({
        addon,
        clock,
        openInjector: async () => {
          const injector = new RecordingInjector();
          injectors.push(injector);
          return injector;
        },
      }),
    }),
    verifier: new GrantVerifier({ serverPublicKey: signer.publicKey, sessionId, clock }),
    pins: new MemoryPins(),
    addresses: () => addresses,
    person: {
      sessionChanged: (view) => views.push(view),
      linkChanged() {},
      securityWords: (_participantId, said) => words.push(said),
      sessionEnded() {},
    },
    onEnded: (reason) => ended.push(reason),
  });
  // The injector opens in its own time.
  await settle();
  await server.link?.up();

  const grant = (peerId: string, participantId: string, capabilities: Capability[]) =>
    signer.grant(peerId, participantId, capabilities, clock.now());

  /** A viewer as far as the offer. */
  const order = (capabilities: Capability[], more: Partial<PeerOrder> = {}): PeerOrder => {
    const peerId = more.peerId ?? randomUUID();
    const participantId = more.participantId ?? randomUUID();
    const made: PeerOrder = {
      peerId,
      participantId,
      participantName: 'Tess',
      grant: grant(peerId, participantId, capabilities),
      transport: { kind: 'webrtc', iceServers: [] },
      ...more,
    };
    server.tell('peer:open', made);
    return made;
  };

  /** A viewer that is connected. */
  const join = (capabilities: Capability[], more: Partial<PeerOrder> = {}) => {
    const { peerId, participantId } = order(capabilities, more);
    const viewer = peers.viewer(peerId);
    server.tell('peer:answer', { peerId, sdp: viewer.answer() });
    let pings = 0;
    return {
      peerId,
      participantId,
      viewer,
      type: (message: InputMessage) =>
        viewer.send(message.type === 'move' ? 'move' : 'input', encodeInput(message)),
      ping: () => {
        pings += 1;
        viewer.send('control', JSON.stringify({ type: 'ping', n: pings, visible: true }));
      },
      control: (): AgentControlMessage[] =>
        viewer.messages
          .filter((one) => one.label === 'control')
          .map((one) => JSON.parse(String(one.data)) as AgentControlMessage),
      regrant: (next: Capability[]) =>
        server.tell('peer:grant', { peerId, grant: grant(peerId, participantId, next) }),
    };
  };

  const injected = () => injectors.flatMap((one) => one.events);
  return {
    addresses,
    clock,
    signer,
    addon,
    injected,
    peers,
    server,
    host,
    ended,
    words,
    views,
    grant,
    order,
    join,
    sessionId,
  };
}

/** Lets promises that are ready go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

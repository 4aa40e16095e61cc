import {
  type AgentSessionView,
  type agentToServer,
  type Capability,
  type DisplayInfo,
  type EndReason,
  GuruError,
  type Handlers,
  type MachineInfo,
  type Payload,
  type PeerOrder,
  type Reply,
  type serverToAgent,
} from '@guruconnect/shared';
import type { NativeDisplay } from '../../native/addon.d.ts';
import type { Clock } from '../core/clock.ts';
import { describeError, type Log } from '../core/log.ts';
import type { Desktop } from '../desktop/desktop.ts';
import type { LinkOwner, OpenLink, ServerLink } from '../link/server-link.ts';
import type { OpenPeer } from '../rtc/peer.ts';
import type { ViewerPins } from '../secure/viewer-pins.ts';
import { deflate } from '../tiles/deflate.ts';
import { TileRouter } from '../tiles/tile-router.ts';
import { CursorFeed } from './cursor-feed.ts';
import { DisplayTable } from './display-table.ts';
import type { GrantVerifier } from './grant-verifier.ts';
import { InputDispatcher, type SecureAttention } from './input-dispatcher.ts';
import { InputEndings } from './input-endings.ts';
import { NetworkWatch } from './network-watch.ts';
import { PeerSession } from './peer-session.ts';
import type { PersonAtMachine } from './person.ts';
import { SessionLimits } from './session-limits.ts';
import { VideoRouter } from './video-router.ts';

export interface SessionHostDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly openLink: OpenLink;
  readonly openPeer: OpenPeer;
  readonly desktop: Desktop;
  readonly verifier: GrantVerifier;
  readonly machine: MachineInfo;
  readonly person: PersonAtMachine;
  /** Under which addresses others may reach this machine. */
  readonly addresses: () => readonly string[];
  readonly pins: ViewerPins;
  /** Where Ctrl-Alt-Del takes more than its keys. */
  readonly secureAttention?: SecureAttention | undefined;
  readonly startBitrate: number;
  /** The session is over and everything has been let go; told once. null: the server does not know it any more. */
  readonly onEnded: (reason: EndReason | null) => void;
}

type AuditReport = Payload<typeof agentToServer, 'audit:report'>;

const MAX_PEERS = 32;
const MAX_HELD_REPORTS = 100;
const TELL_STOPPED_MS = 500;
/** Lets the goodbyes leave before the process does. */
const FAREWELL_MS = 100;
/** How long a peer that is being replaced is kept for input that is still on its way. */
const REPLACED_MS = 2_000;
/** A peer from before this process began: whatever was sent over it may have been carried out. */
const NOTHING_KNOWN = Number.MAX_SAFE_INTEGER;
/** A server that answers does so within this; a line over an address that is gone never does. */
const PROBE_MS = 700;

/** One remote session on this machine: its peers, what they may do, and its end. */
export class SessionHost implements LinkOwner {
  readonly handlers: Handlers<typeof serverToAgent>;
  readonly #deps: SessionHostDeps;
  readonly #link: ServerLink;
  readonly #displays = new DisplayTable();
  readonly #input: InputDispatcher;
  readonly #video: VideoRouter;
  readonly #cursor: CursorFeed;
  readonly #tiles: TileRouter;
  readonly #limits: SessionLimits;
  readonly #network: NetworkWatch;
  /** The network changed and viewers are to be told as soon as the server can be reached. */
  #isRenewing = false;
  readonly #peers = new Map<string, PeerSession>();
  /** The peers there were when the server was greeted last; whether it told of the session since, which is newer. */
  #greeting: { readonly peers: ReadonlySet<string>; wasTold: boolean } = { peers: new Set(), wasTold: false };
  readonly #inputEndings = new InputEndings();
  readonly #reports: AuditReport[] = [];
  #unavailable: string | null = null;
  #wasUp = false;
  #ending: { readonly captureStopped: Promise<number> } | undefined;

  constructor(deps: SessionHostDeps) {
    this.#deps = deps;
    const { clock, desktop } = deps;
    const displays = this.#displays;
    this.#input = new InputDispatcher({ ...deps, displays });
    this.#video = new VideoRouter({ desktop, clock, startBitrate: deps.startBitrate });
    this.#tiles = new TileRouter({ desktop, clock, deflate, log: deps.log, startBitrate: deps.startBitrate });
    this.#cursor = new CursorFeed({ displays, clock, echoes: this.#input });
    this.#limits = new SessionLimits({
      clock,
      serverTimeMs: () => deps.verifier.serverTimeMs() ?? clock.now(),
      idleMs: () => this.idleMs(),
      onReached: (reason) => void this.stop(reason),
    });
    this.handlers = this.#createHandlers();
    this.#network = new NetworkWatch({
      clock,
      addresses: deps.addresses,
      onChanged: (isLost) => this.#networkChanged(isLost),
    });
    this.#link = deps.openLink(this);
    desktop.start({
      onDisplays: (native) => this.#displaysChanged(native),
      onFrame: (displayId, frame, inputs) => {
        this.#tiles.frame(displayId, frame);
        this.#video.frame(displayId, frame, inputs);
      },
      onTiles: (displayId, tiles) => this.#tiles.take(displayId, tiles),
      onCursor: (event) => this.#cursor.take(event),
      onState: (state, reason) => this.#desktopState(state, reason),
      onInputFailed: (reason) => deps.log.warn({ reason }, 'input could not be carried out'),
    });
  }

  /** Whether the server has ever taken this agent in. */
  get wasUp(): boolean {
    return this.#wasUp;
  }

  hello(): Payload<typeof agentToServer, 'agent:hello'> {
    this.#greeting = { peers: new Set(this.#peers.keys()), wasTold: false };
    return {
      machine: this.#deps.machine,
      displays: [...this.#displays.all],
      peers: [...this.#peers.values()].filter((peer) => peer.isConnected).map((peer) => peer.id),
    };
  }

  onUp({ session, grants, limits }: Reply<typeof agentToServer, 'agent:hello'>): void {
    for (const peer of [...this.#peers.values()]) {
      const granted = grants.find((one) => one.peerId === peer.id);
      if (granted) peer.grant(granted.grant);
      // One that it ordered since it was greeted is not in its answer, and may be here before that.
      else if (this.#greeting.peers.has(peer.id)) peer.close('the server does not know it any more');
    }
    this.#wasUp = true;
    this.#askForRenewal();
    for (const report of this.#reports.splice(0)) this.#link.tell('audit:report', report);
    this.#limits.set(limits);
    this.#deps.person.linkChanged(true);
    if (!this.#greeting.wasTold) this.#deps.person.sessionChanged(session);
  }

  onDown(): void {
    this.#deps.person.linkChanged(false);
  }

  onRefused(reason: string): void {
    this.#deps.log.info({ reason }, 'the server has ended the session');
    void this.#end(null);
  }

  remotePressAgoMs(): number {
    return this.#input.pressAgoMs;
  }

  idleMs(): number {
    return this.#input.idleMs;
  }

  /** The person at the machine answered a technician's wish, or did not and the company's policy answers. */
  async answerConsent(
    participantId: string,
    answer: Capability | 'refuse',
    byTimeout = false,
  ): Promise<void> {
    await this.#link.ask('consent:answer', { participantId, answer, ...(byTimeout ? { byTimeout } : {}) });
  }

  /**
   * Ends the session from this side: capture first, then the server is told, if it is there. Resolves when
   * everything is let go, within a second.
   */
  async stop(reason: EndReason): Promise<void> {
    if (this.#ending) return;
    await this.#end(reason, async () => {
      try {
        await this.#link.ask('agent:stopped', { reason }, TELL_STOPPED_MS);
      } catch (error) {
        this.#deps.log.warn({ error }, 'the server could not be told of the end');
      }
    });
  }

  #createHandlers(): Handlers<typeof serverToAgent> {
    return {
      'session:changed': (view: AgentSessionView) => {
        this.#greeting.wasTold = true;
        this.#deps.person.sessionChanged(view);
      },
      'peer:open': (order) => this.#openPeer(order),
      'peer:answer': ({ peerId, sdp, reveal }) => this.#peers.get(peerId)?.answer(sdp, reveal),
      'peer:candidate': ({ peerId, candidate }) => this.#peers.get(peerId)?.addCandidate(candidate),
      'peer:grant': ({ peerId, grant }) => this.#peers.get(peerId)?.grant(grant),
      'peer:cut': ({ peerId, reason }) => this.#peers.get(peerId)?.close(`cut by the server: ${reason}`),
      'session:end': async ({ reason }) => {
        if (!this.#ending) void this.#end(reason);
        const captureStoppedAfterMs = (await this.#ending?.captureStopped) ?? 0;
        return { captureStoppedAfterMs };
      },
    };
  }

  #openPeer(order: PeerOrder): void {
    if (this.#ending || this.#peers.has(order.peerId)) return;
    const { peerId, participantId } = order;
    const { clock, log, openPeer, verifier, machine, pins } = this.#deps;
    try {
      if (this.#peers.size >= MAX_PEERS) throw new GuruError('unavailable', 'Too many viewers.');
      const peer = new PeerSession(
        {
          clock,
          log,
          openPeer,
          verifier,
          machine,
          input: this.#input,
          video: this.#video,
          cursor: this.#cursor,
          tiles: this.#tiles,
          displays: this.#displays,
          pins,
          unavailable: () => this.#unavailable,
          events: {
            onOffer: (sdp, commit) =>
              this.#link.tell('peer:offer', { peerId, sdp, ...(commit ? { commit } : {}) }),
            onSecured: (words) => this.#deps.person.securityWords(participantId, words),
            onCandidate: (candidate) => this.#link.tell('peer:candidate', { peerId, candidate }),
            onConnected: () => this.#peerConnected(peerId),
            onResume: (from) => this.#endInput(from, participantId),
            onGone: (state, why) => this.#peerGone(peerId, state, why),
            onAudit: (what, detail) => this.#report({ what, participantId, detail }),
          },
        },
        order,
      );
      this.#peers.set(peerId, peer);
      peer.start();
    } catch (error) {
      log.warn({ peerId, error }, 'a peer was not opened');
      if (error instanceof GuruError && error.code === 'not-allowed') {
        this.#report({ what: 'bad-grant', participantId, detail: describeError(error) });
      }
      this.#link.tell('peer:state', { peerId, state: 'failed' });
    }
  }

  #peerConnected(peerId: string): void {
    const peer = this.#peers.get(peerId);
    if (!peer) return;
    this.#deps.log.info({ peerId }, 'a viewer is connected');
    this.#link.tell('peer:state', { peerId, state: 'connected' });
    const { replaces } = peer;
    if (replaces === undefined) return;
    // The viewer's input goes on over the old one until the new one has proven itself; then the viewer closes it.
    this.#deps.clock.after(REPLACED_MS, () => this.#peers.get(replaces)?.close('replaced'));
  }

  /** Only a peer of the same participant is carried on; of another one nothing is told. */
  #endInput(peerId: string, participantId: string): number {
    const peer = this.#peers.get(peerId);
    if (peer?.participantId === participantId) return peer.endInput();
    return this.#inputEndings.of(peerId, participantId) ?? NOTHING_KNOWN;
  }

  #peerGone(peerId: string, state: 'failed' | 'closed', why: string): void {
    const peer = this.#peers.get(peerId);
    if (peer) this.#inputEndings.note(peerId, peer.participantId, peer.endInput());
    this.#peers.delete(peerId);
    this.#deps.log.info({ peerId, why }, 'a viewer is gone');
    this.#link.tell('peer:state', { peerId, state });
  }

  /** Kept while the server is away, within reason. */
  #report(report: AuditReport): void {
    const cut = { ...report, detail: report.detail.slice(0, 300) };
    if (this.#link.isUp) this.#link.tell('audit:report', cut);
    else if (this.#reports.length < MAX_HELD_REPORTS) this.#reports.push(cut);
  }

  #displaysChanged(native: readonly NativeDisplay[]): void {
    const before = JSON.stringify(this.#displays.all);
    this.#displays.update(native);
    if (JSON.stringify(this.#displays.all) === before) return;
    const displays: DisplayInfo[] = [...this.#displays.all];
    this.#link.tell('agent:displays', { displays });
    for (const peer of this.#peers.values()) peer.displaysChanged();
  }

  /** What went over an address that is gone is dead, though neither the line nor the peers know it yet. */
  #networkChanged(isLost: boolean): void {
    this.#deps.log.info({ isLost }, "this machine's addresses changed");
    if (isLost) this.#isRenewing = true;
    else if (this.#link.isUp) return;
    this.#link.ask('agent:beat', { idleMs: this.idleMs() }, PROBE_MS).then(
      () => this.#askForRenewal(),
      () => this.#link.reconnect(),
    );
  }

  #askForRenewal(): void {
    if (!this.#isRenewing) return;
    this.#isRenewing = false;
    for (const peerId of this.#peers.keys()) this.#link.tell('peer:renew', { peerId });
  }

  #desktopState(state: 'running' | 'unavailable', reason: string | null): void {
    if (state === 'running' && this.#unavailable === null) return;
    this.#unavailable = state === 'running' ? null : (reason ?? 'The screen cannot be read at the moment.');
    for (const peer of this.#peers.values()) peer.tell({ type: 'capture', state, reason });
  }

  /** Capture stops before anything else is done or waited for. */
  async #end(reason: EndReason | null, tellServer?: () => Promise<void>): Promise<void> {
    if (this.#ending) return;
    const startedMs = this.#deps.clock.monotonicMs();
    const captureStopped = this.#deps.desktop.stop().then(() => this.#deps.clock.monotonicMs() - startedMs);
    this.#ending = { captureStopped };
    this.#limits.close();
    this.#network.close();
    for (const peer of [...this.#peers.values()]) peer.close('the session ended', reason);
    const stoppedAfterMs = await captureStopped;
    this.#deps.log.info({ reason, stoppedAfterMs }, 'the session has ended');
    this.#deps.person.sessionEnded(reason);
    const detail = `Capture stopped after ${Math.round(stoppedAfterMs)} ms.`;
    this.#report({ what: 'capture-stopped', participantId: null, detail });
    if (tellServer) await tellServer();
    await new Promise<void>((done) => this.#deps.clock.after(FAREWELL_MS, done));
    this.#link.close();
    this.#deps.desktop.close();
    this.#deps.onEnded(reason);
  }
}

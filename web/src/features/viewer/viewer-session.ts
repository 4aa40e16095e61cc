import {
  type AgentControlMessage,
  type Capability,
  GuruError,
  type PeerCloseReason,
  type SessionView,
  type ViewerControlMessage,
} from '@guruconnect/shared';
import type { InputSender } from '../../lib/input/input-sender.ts';
import type { LatencyLedger } from '../../lib/rtc/latency-ledger.ts';
import type { Route } from '../../lib/rtc/path-policy.ts';
import { PeerKeeper } from '../../lib/rtc/peer-keeper.ts';
import type { PeerLink } from '../../lib/rtc/peer-link.ts';
import type { StreamMonitor } from '../../lib/rtc/stream-monitor.ts';
import type { DeckFrame } from '../../lib/rtc/video-deck.ts';
import { Attendance } from './attendance.ts';
import { changeOf } from './control-change.ts';
import { sentence } from './error-sentence.ts';
import { PeerUse } from './peer-use.ts';
import { PictureChoice } from './picture-choice.ts';
import { SessionCooperation } from './session-cooperation.ts';
import type { ViewerSessionDeps } from './viewer-session-deps.ts';
import {
  initialViewerState,
  mayDrive,
  participantOf,
  peerNeedOf,
  phaseOf,
  type ViewerState,
} from './viewer-state.ts';

const NOT_READY = { kind: 'failed', message: 'No connection stands ready.' } as const;
const UNSHARED = { kind: 'failed', message: 'This session is no longer shared with you.' } as const;
const STRANDED =
  'No direct connection comes up, and this browser cannot take the relay: it lacks WebCodecs. Another browser can.';

/**
 * One technician's view of one session: joins, waits for consent, keeps a peer up, and hands input to it.
 * Lives outside React, which reads it through `subscribe` and `getSnapshot`. `close` is final.
 */
export class ViewerSession {
  /** Pausing the session, passing it on, ending it. */
  readonly cooperation: SessionCooperation;
  readonly picture: PictureChoice;
  readonly #deps: ViewerSessionDeps;
  readonly #keeper: PeerKeeper;
  readonly #watchers = new Set<() => void>();
  readonly #use: PeerUse;
  readonly #stopListening: () => void;
  #state: ViewerState;
  readonly #attendance: Attendance;
  #begun: boolean;
  /** Whether the picture may be shown, and is cleared when that ends. */
  #live = false;
  #closed = false;
  #noticeId = 0;

  constructor(deps: ViewerSessionDeps) {
    this.#deps = deps;
    this.#begun = !deps.isHeld;
    this.#state = { ...initialViewerState(deps.mode), quality: deps.wishes.quality, session: deps.known };
    this.#use = new PeerUse({
      ...deps,
      reportQuality: (report) => deps.signaling.reportQuality(report),
      current: () => this.#keeper.current,
      state: () => this.#state,
    });
    const releaseInput = () => this.#use.handover.sender?.releaseAll();
    const set = (change: Partial<ViewerState>) => this.#set(change);
    const attempt = (request: Promise<unknown>, otherwise: string) => this.#try(request, otherwise);
    const notify = (text: string) => this.notify(text);
    const { signaling, wishes } = deps;
    this.cooperation = new SessionCooperation({ signaling, releaseInput, attempt, set, notify });
    const tell = (message: ViewerControlMessage) => this.tell(message);
    const renew = () => this.#keeper.renew();
    const state = this.getSnapshot;
    this.picture = new PictureChoice({ wishes, state, set, tell, releaseInput, renew });
    this.#attendance = new Attendance({
      signaling,
      timing: deps.timing,
      state: () => this.#state,
      peerId: () => this.#keeper.current?.peerId,
      set,
      onSession: (session) => this.#onSession(session),
      onRefused: (message) => this.#finish({ kind: 'failed', message }),
      notify,
    });
    this.#keeper = new PeerKeeper({
      signals: deps.signaling,
      makePeer: deps.makePeer,
      policy: deps.policy,
      timing: deps.timing,
      events: {
        status: (keeper) => this.#onKeeper(keeper),
        up: (link, route) => this.#onUp(link, route),
        picture: (link, stream, track) => {
          this.#use.streamOf(link, stream, track);
          deps.onPicture(stream, track);
        },
        control: (link, message) => this.#onControl(link, message),
        cursor: (_link, message) => deps.onCursor(message),
        frame: (link, info) => this.#use.frameTold(link, info),
        tiles: (link, message) => this.#use.tiles(link, message),
        closing: () => deps.onPictureEnds(),
        secured: (_link, security) => this.#set({ security }),
        alarm: (_link, alarm) => this.#finish({ kind: 'alarm', alarm }),
        failed: (error) => this.#onFailed(error),
        stranded: () => this.notify(STRANDED),
      },
    });
    this.#stopListening = deps.signaling.listen({
      session: (view) => this.#onSession(view),
      // What ended may be gone for those who only looked on: that it ended is what they are to read.
      removed: () => phaseOf(this.#state).kind !== 'ended' && this.#finish(UNSHARED),
      offer: (peerId, sdp, commit) => this.#keeper.onOffer(peerId, sdp, commit),
      candidate: (peerId, candidate) => this.#keeper.onCandidate(peerId, candidate),
      renew: (peerId) => {
        if (this.#begun && this.#keeper.current?.peerId === peerId) this.#keeper.renew();
      },
      peerClosed: (peerId, reason) => this.#onPeerClosed(peerId, reason),
      loginEnded: () => this.#finish({ kind: 'signed-out' }),
      reachable: (isReachable) => this.#onReachable(isReachable),
    });
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };
  readonly getSnapshot = (): ViewerState => this.#state;

  /** Where input goes, while it may; over a peer that is silent just now it waits. */
  get input(): InputSender | undefined {
    return mayDrive(this.#state) ? this.#use.handover.sender : undefined;
  }
  get monitor(): StreamMonitor {
    return this.#use.monitor;
  }
  /** What is known of the frames of the peer that is up. */
  get ledger(): LatencyLedger | undefined {
    return this.#use.ledger;
  }

  /** The person wants in: joins with the peer that stands ready. */
  begin(mode: Capability): void {
    if (this.#begun || this.#closed) return;
    this.#begun = true;
    this.#set({ mode });
    // A try that is still on its way was asked for as one that waits.
    if (!this.#keeper.current) {
      this.#keeper.stop();
      this.#keeper.start();
    }
    this.join();
  }

  /** Asks (again) to take part. */
  join(wants: Capability = this.#state.mode): void {
    this.#attendance.join(wants);
  }

  /** Gives the participation up; consent must be asked again afterwards. */
  leave(): void {
    if (this.#closed || this.#state.over) return;
    this.#use.handover.sender?.releaseAll();
    this.#try(this.#deps.signaling.leave(), 'The server could not be told that you left.');
    this.#finish({ kind: 'left' });
  }

  /** Asks for control where only viewing was allowed: the person at the machine answers anew. */
  askForControl(): void {
    this.#set({ mode: 'control' });
    this.joinAnew('Control could not be asked for.');
  }

  /** Gives the participation up and takes part as somebody new: consent is asked anew. */
  joinAnew(otherwise = 'The session could not be joined again.'): void {
    this.#attendance.joinAnew(otherwise);
  }

  /** Takes the machine that raised the alarm for the right one from now on, and tries again. */
  trustAnew(): void {
    const { over } = this.#state;
    if (over?.kind !== 'alarm' || over.alarm.kind !== 'changed-key') return;
    this.#deps.pinAgent(over.alarm.agentKey).then(
      () => this.join(),
      (error: unknown) => this.notify(sentence(error, 'This browser could not keep that.')),
    );
  }

  /** False when no peer is up. */
  tell(message: ViewerControlMessage): boolean {
    return this.#keeper.current?.peer.tell(message) ?? false;
  }

  /** The browser found another network: get a peer over it before the old one fails. */
  networkChanged(): void {
    if (!this.#begun) return;
    this.#keeper.renew();
    this.#keeper.hurry();
  }

  frameShown(frame: DeckFrame): void {
    this.#use.frameShown(frame);
  }
  /** The page is not looked at now: pictures do not come, and that is no fault of the path. */
  lookedAway(): void {
    this.ledger?.lookedAway();
  }
  pictureStarted(): void {
    this.#set({ hasPicture: true });
  }
  videoResized(videoSize: { width: number; height: number }): void {
    this.#set({ videoSize });
  }

  /** Shows a short message once. */
  notify(text: string): void {
    if (this.#state.notice?.text === text) return;
    this.#noticeId += 1;
    this.#set({ notice: { id: this.#noticeId, text } });
  }
  dismissNotice(): void {
    this.#set({ notice: undefined });
  }

  /** The tab goes away; the participation stays, so that a reload resumes. */
  close(): void {
    if (this.#closed) return;
    this.#use.handover.sender?.releaseAll();
    this.#closed = true;
    this.#attendance.close();
    this.#stopListening();
    this.#keeper.stop();
    this.#use.close();
  }

  #onReachable(isReachable: boolean): void {
    const before = this.#state.serverReachable;
    this.#set({ serverReachable: isReachable });
    if (!isReachable || before) return;
    this.#keeper.hurry(true);
    // While the server is still asked who we are here, the way to the machine is being made.
    if (peerNeedOf(this.#state) !== 'none') this.#keeper.start();
    this.#attendance.lineIsBack(this.#begun);
  }

  #onSession(session: SessionView): void {
    const known = this.#state.session;
    if (this.#closed || (known && session.version < known.version)) return;
    const cameBack = known?.endpoint.kind === 'lost' && session.endpoint.kind === 'agent';
    this.#set({ session });
    this.cooperation.follow(known, session, participantOf(this.#state)?.userId);
    if (session.lifecycle.phase === 'ended') {
      this.#finish(undefined);
      return;
    }
    if (!this.#begun) {
      this.#steer();
      return;
    }
    if (!this.#state.participantId && session.lifecycle.phase === 'open' && !this.#state.over) this.join();
    const { participantId } = this.#state;
    if (
      participantId &&
      !this.#attendance.isJoining &&
      !session.participants.some((one) => one.id === participantId)
    ) {
      // Left in another tab of the same person.
      if (!this.#state.over) this.#finish({ kind: 'left' });
      return;
    }
    this.#steer();
    if (cameBack) this.#keeper.hurry();
  }

  #onPeerClosed(peerId: string, reason: PeerCloseReason): void {
    if (reason === 'signed-out' || reason === 'user-disabled') this.#finish({ kind: 'signed-out' });
    else if (!this.#begun && this.#keeper.current?.peerId === peerId) this.#finish(NOT_READY);
    else if (reason !== 'left' && reason !== 'session-ended') this.#keeper.onClosed(peerId);
  }

  #onUp(link: PeerLink, route: Route): void {
    this.#use.up(link);
    this.#set({ route, peerId: link.peerId, wasUp: this.#state.wasUp || this.#live });
    if (this.#live) this.#use.expectPicture(link);
  }

  /** What only stands ready is not worth a second try; whoever holds it knows when there is need of another. */
  #onFailed(error: unknown): void {
    const isElsewhere = error instanceof GuruError && error.code === 'other-browser';
    if (isElsewhere) this.#finish({ kind: 'alarm', alarm: { kind: 'unable', why: 'other-browser' } });
    else if (!this.#begun) this.#finish(NOT_READY);
  }

  #onKeeper(keeper: ViewerState['keeper']): void {
    this.#use.follow(keeper === 'up' ? this.#keeper.current : undefined);
    this.#set({ keeper });
  }

  #onControl(link: PeerLink, message: AgentControlMessage): void {
    if (message.type === 'hello') this.#deps.onCursor({ type: 'reset' });
    if (message.type === 'refused') this.notify(message.reason);
    const change = changeOf(message, this.#state);
    if (change) this.#set(change);
    this.#use.control(link, message);
    // Told by the agent itself, so it is known even while the server is away.
    if (message.type === 'bye' && message.reason && link === this.#keeper.current) {
      this.#finish({ kind: 'ended', reason: message.reason });
    }
  }

  #finish(over: ViewerState['over']): void {
    if (this.#closed) return;
    this.#set({ over, peerId: undefined });
    this.#steer();
  }

  #steer(): void {
    if (this.#closed) return;
    const need = peerNeedOf(this.#state);
    const wasLive = this.#live;
    this.#live = need === 'live';
    if (need !== 'none') this.#keeper.start();
    if (need === 'live') {
      const link = this.#keeper.current;
      if (wasLive || !link) return;
      this.#set({ wasUp: true });
      this.#use.expectPicture(link);
      return;
    }
    // What stands ready has shown nothing that would have to go.
    if (need === 'warm' && !wasLive) return;
    this.#keeper.stop();
    if (need === 'warm') this.#keeper.start();
    this.#set({ wasUp: false, capabilities: [], security: undefined });
    if (phaseOf(this.#state).kind === 'paused') return;
    this.#deps.onPictureGone();
    this.#set({ hasPicture: false });
  }

  #try(promise: Promise<unknown>, otherwise: string): void {
    promise.catch((error: unknown) => this.notify(sentence(error, otherwise)));
  }

  #set(change: Partial<ViewerState>): void {
    this.#state = { ...this.#state, ...change };
    for (const watcher of [...this.#watchers]) watcher();
  }
}

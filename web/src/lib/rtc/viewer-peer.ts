import {
  AgentControlMessage,
  type Candidate,
  CHANNELS,
  type ChannelLabel,
  decodeCursor,
  decodeFrameInfo,
  decodeTiles,
  type HandshakeCommit,
  MAX_CONTROL_BYTES,
  type PeerTransport,
  type ViewerControlMessage,
} from '@guruconnect/shared';
import { safeParse } from 'zod/mini';
import type { PeerSecurity, SecurityAlarm } from '../secure/peer-security.ts';
import { SecureLine } from '../secure/secure-line.ts';
import type { SecureStore } from '../secure/secure-store.ts';
import { Heartbeat, PING_MS } from './heartbeat.ts';
import type { Peer, PeerListener } from './peer.ts';
import type { MakePipe, PeerPipe } from './peer-pipe.ts';
import type { StreamCounters } from './stream-stats.ts';
import type { Timing } from './timing.ts';

export interface ViewerPeerDeps {
  readonly makePipe: MakePipe;
  readonly store: SecureStore;
  readonly sessionId: string;
  readonly timing: Timing;
  /** Whether anybody can see the picture now; the agent may spare what nobody sees. */
  isVisible(): boolean;
  /** Told of messages that could not be read. */
  onFault(what: string, error: unknown): void;
}

const LABELS = Object.keys(CHANNELS) as ChannelLabel[];

/**
 * A {@link Peer} on a pipe of whatever kind: what the messages mean, the heartbeat, and when it is up or lost.
 * Nothing comes up before the handshake on the pipe is done.
 */
export class ViewerPeer implements Peer {
  readonly #deps: ViewerPeerDeps;
  readonly #listener: PeerListener;
  readonly #pipe: PeerPipe;
  readonly #line: SecureLine;
  readonly #pictures: [MediaStream, number][] = [];
  #peerId = '';
  #up = false;
  #closed = false;
  #lost = false;
  #stalled = false;
  #heartbeat: Heartbeat | undefined;
  #stopBeating: (() => void) | undefined;

  constructor(listener: PeerListener, deps: ViewerPeerDeps) {
    this.#deps = deps;
    this.#listener = listener;
    this.#line = new SecureLine({
      pipe: () => this.#pipe,
      store: deps.store,
      sessionId: deps.sessionId,
      events: {
        answer: (sdp, reveal) => listener.answer(sdp, reveal),
        secured: (security) => this.#onSecured(security),
        alarm: (alarm) => this.#onAlarm(alarm),
        message: (label, data) => {
          if (!this.#closed && !this.#lost) this.#read(label, data);
        },
        broken: (label, error) => {
          deps.onFault(label, error);
          this.#lose(`a message on the ${label} channel was not sealed`);
        },
      },
    });
    this.#pipe = deps.makePipe({
      answer: (sdp, binding) => this.#line.answered(sdp, binding),
      candidate: (candidate) => listener.candidate(candidate),
      open: (label) => {
        this.#line.opened(label);
        this.#checkUp();
      },
      message: (label, data) => this.#line.received(label, data),
      picture: (stream, track) => {
        if (this.#line.isSecured) listener.picture(stream, track);
        else this.#pictures.push([stream, track]);
      },
      lost: (reason) => this.#lose(reason),
      fault: (what, error) => deps.onFault(what, error),
    });
  }

  get rttMs(): number | undefined {
    return this.#heartbeat?.rttMs;
  }

  configure(transport: PeerTransport, peerId: string): void {
    this.#peerId = peerId;
    this.#pipe.configure(transport);
  }

  offer(sdp: string, commit?: HandshakeCommit): void {
    if (this.#line.offered(this.#peerId, commit)) this.#pipe.offer(sdp);
  }

  candidate(candidate: Candidate): void {
    this.#pipe.candidate(candidate);
  }

  send(label: ChannelLabel, data: Uint8Array<ArrayBuffer>): boolean {
    return this.#line.send(label, data);
  }

  bufferedBytes(label: ChannelLabel): number {
    return this.#pipe.bufferedBytes(label);
  }

  tell(message: ViewerControlMessage): boolean {
    return this.#line.send('control', JSON.stringify(message));
  }

  closeChannel(label: 'tiles'): void {
    this.#pipe.closeChannel?.(label);
  }

  counters(): Promise<StreamCounters> {
    return this.#pipe.counters();
  }

  rtpTimestampAt(stream: MediaStream, mediaTimeS: number): number | undefined {
    return this.#pipe.rtpTimestampAt?.(stream, mediaTimeS);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopBeating?.();
    // The last words (keys let go) are still being sealed.
    void this.#line.close().finally(() => this.#pipe.close());
  }

  #onSecured(security: PeerSecurity): void {
    if (this.#closed || this.#lost) return;
    this.#listener.secured(security);
    const pictures = this.#pictures.splice(0);
    for (const [stream, track] of pictures) this.#listener.picture(stream, track);
    this.#startBeating();
    // A still screen's only picture may have come, unseen, while the agent's proof was being checked.
    const cameEarly = pictures.some(([stream]) => stream.getVideoTracks().some((track) => !track.muted));
    if (cameEarly) this.tell({ type: 'refresh' });
  }

  #onAlarm(alarm: SecurityAlarm): void {
    if (this.#closed || this.#lost) return;
    this.#lost = true;
    this.#stopBeating?.();
    this.#listener.alarm(alarm);
  }

  /** Up means that input would arrive: every channel is open, and the agent has said hello or answered. */
  #checkUp(answered = false): void {
    if (this.#up || this.#closed || this.#lost) return;
    if (!answered || LABELS.some((label) => !this.#pipe.isOpen(label))) return;
    this.#up = true;
    this.#listener.up();
  }

  #startBeating(): void {
    const { timing } = this.#deps;
    const heartbeat = new Heartbeat(timing.now());
    this.#heartbeat = heartbeat;
    const beat = () => {
      const next = heartbeat.tick(timing.now());
      if (next.kind === 'lost') {
        this.#lose('the machine stopped answering');
        return;
      }
      this.#doubt(next.isStalled);
      this.tell({ type: 'ping', n: next.n, visible: this.#deps.isVisible() });
      this.#stopBeating = timing.after(PING_MS, beat);
    };
    beat();
  }

  #doubt(isStalled: boolean): void {
    if (this.#closed || this.#lost || this.#stalled === isStalled) return;
    this.#stalled = isStalled;
    this.#listener.stalled(isStalled);
  }

  #read(label: ChannelLabel, data: string | Uint8Array): void {
    try {
      if (label === 'control') this.#readControl(data);
      else if (typeof data === 'string') return;
      else if (label === 'cursor') this.#listener.cursor(decodeCursor(data));
      else if (label === 'frames') this.#listener.frame(decodeFrameInfo(data));
      else if (label === 'tiles') this.#readTiles(data);
    } catch (error) {
      this.#deps.onFault(label, error);
    }
  }

  #readTiles(data: Uint8Array): void {
    try {
      this.#listener.tiles(decodeTiles(data));
    } catch (error) {
      this.closeChannel('tiles');
      throw error;
    }
  }

  #readControl(data: string | Uint8Array): void {
    if (typeof data !== 'string' || data.length > MAX_CONTROL_BYTES) return;
    const message = safeParse(AgentControlMessage, JSON.parse(data));
    if (!message.success) {
      this.#deps.onFault('control', message.error);
      return;
    }
    if (message.data.type === 'pong') {
      this.#heartbeat?.pong(message.data.n, this.#deps.timing.now());
      this.#doubt(false);
    }
    this.#listener.control(message.data);
    this.#checkUp(true);
  }

  /** Tells the owner, who closes: until then the last picture can be kept. */
  #lose(reason: string): void {
    if (this.#closed || this.#lost) return;
    this.#lost = true;
    this.#stopBeating?.();
    this.#listener.lost(reason);
  }
}

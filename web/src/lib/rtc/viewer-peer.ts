import {
  AgentControlMessage,
  type Candidate,
  CHANNELS,
  type ChannelLabel,
  decodeCursor,
  decodeFrameInfo,
  decodeTiles,
  MAX_CONTROL_BYTES,
  type PeerTransport,
  type ViewerControlMessage,
} from '@guruconnect/shared';
import { safeParse } from 'zod/mini';
import { Heartbeat, PING_MS } from './heartbeat.ts';
import type { Peer, PeerListener } from './peer.ts';
import type { MakePipe, PeerPipe } from './peer-pipe.ts';
import type { StreamCounters } from './stream-stats.ts';
import type { Timing } from './timing.ts';

export interface ViewerPeerDeps {
  readonly makePipe: MakePipe;
  readonly timing: Timing;
  /** Whether anybody can see the picture now; the agent may spare what nobody sees. */
  isVisible(): boolean;
  /** Told of messages that could not be read. */
  onFault(what: string, error: unknown): void;
}

const LABELS = Object.keys(CHANNELS) as ChannelLabel[];

/** A {@link Peer} on a pipe of whatever kind: what the messages mean, the heartbeat, and when it is up or lost. */
export class ViewerPeer implements Peer {
  readonly #deps: ViewerPeerDeps;
  readonly #listener: PeerListener;
  readonly #pipe: PeerPipe;
  #up = false;
  #closed = false;
  #lost = false;
  #heartbeat: Heartbeat | undefined;
  #stopBeating: (() => void) | undefined;

  constructor(listener: PeerListener, deps: ViewerPeerDeps) {
    this.#deps = deps;
    this.#listener = listener;
    this.#pipe = deps.makePipe({
      answer: (sdp) => listener.answer(sdp),
      candidate: (candidate) => listener.candidate(candidate),
      open: () => this.#onOpen(),
      message: (label, data) => {
        if (!this.#closed && !this.#lost) this.#read(label, data);
      },
      picture: (stream, track) => listener.picture(stream, track),
      lost: (reason) => this.#lose(reason),
      fault: (what, error) => deps.onFault(what, error),
    });
  }

  get rttMs(): number | undefined {
    return this.#heartbeat?.rttMs;
  }

  configure(transport: PeerTransport): void {
    this.#pipe.configure(transport);
  }

  offer(sdp: string): void {
    this.#pipe.offer(sdp);
  }

  candidate(candidate: Candidate): void {
    this.#pipe.candidate(candidate);
  }

  send(label: ChannelLabel, data: Uint8Array<ArrayBuffer>): boolean {
    return this.#pipe.send(label, data);
  }

  bufferedBytes(label: ChannelLabel): number {
    return this.#pipe.bufferedBytes(label);
  }

  tell(message: ViewerControlMessage): boolean {
    return this.#pipe.send('control', JSON.stringify(message));
  }

  closeChannel(label: 'tiles'): void {
    this.#pipe.closeChannel?.(label);
  }

  counters(): Promise<StreamCounters> {
    return this.#pipe.counters();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopBeating?.();
    this.#pipe.close();
  }

  #onOpen(): void {
    if (this.#pipe.isOpen('control') && !this.#heartbeat) this.#startBeating();
    this.#checkUp();
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
      this.tell({ type: 'ping', n: next.n, visible: this.#deps.isVisible() });
      this.#stopBeating = timing.after(PING_MS, beat);
    };
    beat();
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
    if (message.data.type === 'pong') this.#heartbeat?.pong(message.data.n, this.#deps.timing.now());
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

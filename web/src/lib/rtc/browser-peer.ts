import {
  AgentControlMessage,
  type Candidate,
  CHANNELS,
  type ChannelLabel,
  decodeCursor,
  decodeFrameInfo,
  type IceServer,
  MAX_CONTROL_BYTES,
  type PeerTransport,
  type ViewerControlMessage,
} from '@guruconnect/shared';
import { safeParse } from 'zod/mini';
import { Heartbeat, PING_MS } from './heartbeat.ts';
import type { Peer, PeerListener } from './peer.ts';
import { readCounters, type StreamCounters } from './stream-stats.ts';
import type { Timing } from './timing.ts';

export interface BrowserPeerDeps {
  readonly timing: Timing;
  /** Whether anybody can see the picture now; the agent may spare what nobody sees. */
  isVisible(): boolean;
  /** Told of messages that could not be read. */
  onFault(what: string, error: unknown): void;
}

const LABELS = Object.keys(CHANNELS) as ChannelLabel[];

/** A {@link Peer} on the browser's own `RTCPeerConnection`. */
export class BrowserPeer implements Peer {
  readonly #deps: BrowserPeerDeps;
  readonly #listener: PeerListener;
  readonly #connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  readonly #channels = new Map<string, RTCDataChannel>();
  readonly #early: Candidate[] = [];
  #described = false;
  #up = false;
  #closed = false;
  #lost = false;
  #heartbeat: Heartbeat | undefined;
  #stopBeating: (() => void) | undefined;

  constructor(listener: PeerListener, deps: BrowserPeerDeps) {
    this.#deps = deps;
    this.#listener = listener;
    const connection = this.#connection;
    connection.addEventListener('track', (event) => this.#onTrack(event));
    connection.addEventListener('datachannel', (event) => this.#onChannel(event.channel));
    connection.addEventListener('icecandidate', ({ candidate }) => {
      // An empty candidate only marks the end of gathering.
      if (!candidate?.candidate) return;
      listener.candidate({ candidate: candidate.candidate, mid: candidate.sdpMid ?? '0' });
    });
    connection.addEventListener('connectionstatechange', () => {
      const state = connection.connectionState;
      if (state === 'failed' || state === 'closed') this.#lose(`the connection ${state}`);
    });
  }

  get rttMs(): number | undefined {
    return this.#heartbeat?.rttMs;
  }

  configure(transport: PeerTransport): void {
    if (this.#closed || transport.kind !== 'webrtc' || transport.iceServers.length === 0) return;
    const iceServers = transport.iceServers.map(plain);
    this.#connection.setConfiguration({ bundlePolicy: 'max-bundle', iceServers });
  }

  offer(sdp: string): void {
    this.#answer(sdp).catch((error: unknown) => {
      this.#deps.onFault('offer', error);
      this.#lose('the offer could not be answered');
    });
  }

  candidate(candidate: Candidate): void {
    if (this.#closed) return;
    if (this.#described) this.#add(candidate);
    else this.#early.push(candidate);
  }

  send(label: ChannelLabel, data: Uint8Array<ArrayBuffer>): boolean {
    const channel = this.#channels.get(label);
    if (channel?.readyState !== 'open') return false;
    channel.send(data);
    return true;
  }

  bufferedBytes(label: ChannelLabel): number {
    return this.#channels.get(label)?.bufferedAmount ?? 0;
  }

  tell(message: ViewerControlMessage): boolean {
    const channel = this.#channels.get('control');
    if (channel?.readyState !== 'open') return false;
    channel.send(JSON.stringify(message));
    return true;
  }

  async counters(): Promise<StreamCounters> {
    const report = await this.#connection.getStats();
    return readCounters(report.values());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopBeating?.();
    this.#connection.close();
  }

  async #answer(sdp: string): Promise<void> {
    if (this.#closed) return;
    await this.#connection.setRemoteDescription({ type: 'offer', sdp });
    this.#described = true;
    for (const candidate of this.#early.splice(0)) this.#add(candidate);
    await this.#connection.setLocalDescription();
    const answer = this.#connection.localDescription?.sdp;
    if (answer && !this.#closed) this.#listener.answer(answer);
  }

  #add({ candidate, mid }: Candidate): void {
    this.#connection.addIceCandidate({ candidate, sdpMid: mid }).catch((error: unknown) => {
      if (!this.#closed) this.#deps.onFault('candidate', error);
    });
  }

  #onTrack({ receiver, track, transceiver }: RTCTrackEvent): void {
    if (track.kind !== 'video') return;
    // Show each frame as soon as it is decoded: a late frame is worth less than an uneven one.
    if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = 0;
    const videos = this.#connection.getTransceivers().filter((one) => one.receiver.track.kind === 'video');
    this.#listener.picture(new MediaStream([track]), videos.indexOf(transceiver));
  }

  #onChannel(channel: RTCDataChannel): void {
    channel.binaryType = 'arraybuffer';
    this.#channels.set(channel.label, channel);
    channel.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (!this.#closed && !this.#lost) this.#read(channel.label, event.data);
    });
    channel.addEventListener('close', () => this.#lose(`the ${channel.label} channel closed`));
    if (channel.readyState === 'open') this.#onOpen();
    else channel.addEventListener('open', () => this.#onOpen());
  }

  #onOpen(): void {
    if (this.#channels.get('control')?.readyState === 'open' && !this.#heartbeat) this.#startBeating();
    this.#checkUp();
  }

  /** Up means that input would arrive: every channel is open, and the agent has said hello or answered. */
  #checkUp(answered = false): void {
    if (this.#up || this.#closed || this.#lost) return;
    if (!answered || LABELS.some((label) => this.#channels.get(label)?.readyState !== 'open')) return;
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

  #read(label: string, data: unknown): void {
    try {
      if (label === 'control') this.#readControl(data);
      if (!(data instanceof ArrayBuffer)) return;
      if (label === 'cursor') this.#listener.cursor(decodeCursor(new Uint8Array(data)));
      else if (label === 'frames') this.#listener.frame(decodeFrameInfo(new Uint8Array(data)));
    } catch (error) {
      this.#deps.onFault(label, error);
    }
  }

  #readControl(data: unknown): void {
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

/** Without the fields that are not there: the browser refuses `undefined` as a user name. */
function plain({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  };
}

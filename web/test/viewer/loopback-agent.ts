import {
  type AgentControlMessage,
  CHANNELS,
  type ChannelLabel,
  type CursorMessage,
  type DisplayInfo,
  decodeInput,
  encodeCursor,
  type HandshakeCommit,
  type HandshakeRefusal,
  type HandshakeReveal,
  type InputMessage,
  toPlain,
  ViewerControlMessage,
} from '@guruconnect/shared';
import * as z from 'zod/mini';
import { newIdentity } from '../../src/lib/secure/web-handshake.ts';
import type { WebSeal } from '../../src/lib/secure/web-seal.ts';
import { LoopbackHandshake, type Tampering } from './loopback-handshake.ts';

export interface LoopbackSignals {
  offer(peerId: string, sdp: string, commit: HandshakeCommit | undefined): void;
  candidate(peerId: string, candidate: { candidate: string; mid: string }): void;
}

/** An agent in the page itself: a canvas as its desktop, the browser's own WebRTC as its peer. */
export class LoopbackAgent {
  readonly received: InputMessage[] = [];
  readonly told: ViewerControlMessage[] = [];
  pings = 0;
  readonly displays: DisplayInfo[];
  /** A machine that has hung: its connection stands, but it answers nothing. */
  isMute = false;
  capabilities: ('view' | 'control')[] = ['view', 'control'];
  readonly #signals: LoopbackSignals;
  readonly #peers = new Map<string, RTCPeerConnection>();
  readonly #channels = new Map<string, Map<ChannelLabel, RTCDataChannel>>();
  readonly #handshakes = new Map<string, LoopbackHandshake>();
  readonly #seals = new Map<string, Promise<WebSeal>>();
  readonly #sessionId: string;
  #identity = newIdentity();
  /** What is done to the handshakes that begin from now on. */
  tampering: Tampering = 'none';
  /** The words of each handshake, newest last. */
  readonly words: string[][] = [];
  /** Video tracks of the connections that are made from now on. */
  tracks = 2;
  readonly #screens: HTMLCanvasElement[];
  readonly #senders = new Map<string, RTCRtpSender[]>();

  constructor(sessionId: string, signals: LoopbackSignals, size: { width: number; height: number }) {
    this.#sessionId = sessionId;
    this.#signals = signals;
    this.displays = [
      { index: 0, id: 'A', name: 'Built-in', x: 0, y: 0, ...size, primary: true },
      { index: 1, id: 'B', name: 'HDMI-1', x: -1024, y: 100, width: 1024, height: 768, primary: false },
    ];
    this.#screens = this.displays.map(({ width, height }) =>
      Object.assign(document.createElement('canvas'), { width, height }),
    );
    this.#paint(0);
  }

  get livePeers(): string[] {
    return [...this.#peers.keys()];
  }

  /** Another machine takes this one's place. */
  changeIdentity(): void {
    this.#identity = newIdentity();
  }

  async open(peerId: string, replaces: string | undefined): Promise<void> {
    const connection = new RTCPeerConnection();
    this.#peers.set(peerId, connection);
    const h264 = RTCRtpSender.getCapabilities('video')?.codecs.filter((one) => one.mimeType === 'video/H264');
    const senders = this.#screens.slice(0, this.tracks).map((screen) => {
      const transceiver = connection.addTransceiver(trackOf(screen), { direction: 'sendonly' });
      transceiver.setCodecPreferences(h264 ?? []);
      return transceiver.sender;
    });
    this.#senders.set(peerId, senders);
    this.#openChannels(peerId, connection);
    connection.addEventListener('connectionstatechange', () => {
      if (connection.connectionState === 'connected' && replaces) this.kill(replaces);
    });
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (!candidate?.candidate) return;
      this.#signals.candidate(peerId, { candidate: candidate.candidate, mid: candidate.sdpMid ?? '0' });
    });
    const ids = { sessionId: this.#sessionId, peerId };
    const handshake = await LoopbackHandshake.begin(await this.#identity, ids, this.tampering);
    this.#handshakes.set(peerId, handshake);
    await connection.setLocalDescription();
    const commit = this.tampering === 'no-commit' ? undefined : handshake.commit;
    this.#signals.offer(peerId, connection.localDescription?.sdp ?? '', commit);
  }

  answer(peerId: string, sdp: string, reveal: HandshakeReveal): void {
    const offer = this.#peers.get(peerId)?.localDescription?.sdp ?? '';
    this.#handshakes.get(peerId)?.answered(offer, sdp, reveal);
    void this.#peers.get(peerId)?.setRemoteDescription({ type: 'answer', sdp });
  }
  candidate(peerId: string, { candidate, mid }: { candidate: string; mid: string }): void {
    void this.#peers.get(peerId)?.addIceCandidate({ candidate, sdpMid: mid });
  }
  kill(peerId: string): void {
    this.#peers.get(peerId)?.close();
    this.#peers.delete(peerId);
    this.#channels.delete(peerId);
    this.#seals.delete(peerId);
  }

  /** Tells every viewer in the open that it is not trusted, and hangs up. */
  refuse(why: HandshakeRefusal): void {
    for (const [peerId, channels] of this.#channels) {
      channels.get('control')?.send(JSON.stringify({ type: 'refused', v: 1, why }));
      setTimeout(() => this.kill(peerId), 50);
    }
  }

  say(message: AgentControlMessage): void {
    for (const peerId of this.#seals.keys()) this.#send(peerId, 'control', JSON.stringify(message));
  }
  showCursor(message: CursorMessage): void {
    for (const peerId of this.#seals.keys()) this.#send(peerId, 'cursor', encodeCursor(message));
  }

  #send(peerId: string, label: ChannelLabel, data: string | Uint8Array): void {
    const plain = new Uint8Array(toPlain(data));
    const channel = this.#channels.get(peerId)?.get(label);
    void this.#seals
      .get(peerId)
      ?.then((seal) => seal.seal(label, plain))
      .then((sealed) => channel?.send(sealed));
  }

  #openChannels(peerId: string, connection: RTCPeerConnection): void {
    const channels = new Map<ChannelLabel, RTCDataChannel>();
    this.#channels.set(peerId, channels);
    for (const label of Object.keys(CHANNELS) as ChannelLabel[]) {
      const channel = connection.createDataChannel(label, CHANNELS[label]);
      channel.binaryType = 'arraybuffer';
      channels.set(label, channel);
    }
    for (const [label, channel] of channels) {
      channel.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
        if (typeof data === 'string') this.#secure(peerId, data);
        else void this.#open(peerId, label, new Uint8Array(data));
      });
    }
    const control = channels.get('control');
    control?.addEventListener('open', () => {
      void this.#handshakes
        .get(peerId)
        ?.proof()
        .then((proof) => control.send(proof));
    });
  }

  #secure(peerId: string, proof: string): void {
    const finishing = this.#handshakes.get(peerId)?.finish(proof);
    if (!finishing) return;
    void finishing.then(({ words }) => this.words.push(words));
    // What comes meanwhile waits for it.
    this.#seals.set(
      peerId,
      finishing.then(({ seal }) => seal),
    );
    this.#send(peerId, 'control', JSON.stringify(this.#hello()));
  }

  async #open(peerId: string, label: ChannelLabel, sealed: Uint8Array<ArrayBuffer>): Promise<void> {
    const plain = await (await this.#seals.get(peerId))?.open(label, sealed);
    if (!plain) return;
    if (label !== 'control') {
      this.received.push(decodeInput(plain));
      return;
    }
    const message = z.parse(ViewerControlMessage, JSON.parse(new TextDecoder().decode(plain)));
    if (message.type === 'ping') this.pings += 1;
    if (message.type !== 'ping') this.told.push(message);
    else if (!this.isMute) {
      const pong = { type: 'pong', n: message.n, agentTimeMs: performance.now() };
      this.#send(peerId, 'control', JSON.stringify(pong));
    }
    if (message.type === 'select-display') await this.#show(peerId, [message.display]);
    if (message.type === 'show-displays') await this.#show(peerId, message.displays);
  }

  /** As many as there are tracks, like the real one. */
  async #show(peerId: string, wanted: readonly number[]): Promise<void> {
    const senders = this.#senders.get(peerId) ?? [];
    const shown = wanted.slice(0, senders.length);
    for (const [track, index] of shown.entries()) {
      const screen = this.#screens[index];
      if (screen) await senders[track]?.replaceTrack(trackOf(screen));
    }
    const [display = 0] = shown;
    const message = { type: 'displays', displays: this.displays, display, shown } as const;
    this.#send(peerId, 'control', JSON.stringify(message));
  }

  #hello(): AgentControlMessage {
    return {
      type: 'hello',
      machine: {
        hostname: 'FRONT-DESK-3',
        user: 'maria',
        os: 'windows',
        osName: 'Windows 11',
        agentVersion: '0.1.0',
        elevated: false,
      },
      displays: this.displays,
      display: 0,
      tracks: this.tracks,
      capabilities: this.capabilities,
    };
  }

  /** A desktop to look at: a window, text, marked corners, and something that moves. */
  #paint(frame: number): void {
    for (const [index, canvas] of this.#screens.entries()) paint(canvas, index, frame);
    requestAnimationFrame(() => this.#paint(frame + 1));
  }
}

function trackOf(screen: HTMLCanvasElement): MediaStreamTrack {
  const [track] = screen.captureStream(30).getVideoTracks();
  if (!track) throw new Error('The canvas has no track.');
  // Keeps the resolution up while the browser's own bandwidth estimate is low.
  track.contentHint = 'detail';
  return track;
}

function paint(canvas: HTMLCanvasElement, index: number, frame: number): void {
  const { width, height } = canvas;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = ['#2a5d73', '#5d4a73'][index] ?? '#444';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#f4f6f7';
  context.fillRect(width * 0.15, height * 0.15, width * 0.5, height * 0.6);
  context.fillStyle = '#1d2b33';
  context.font = '20px sans-serif';
  context.fillText('Invoice 2026-114.ods', width * 0.17, height * 0.2);
  context.fillRect(0, height - 40, width, 40);
  context.fillStyle = '#d33';
  for (const x of [0, width - 16]) for (const y of [0, height - 16]) context.fillRect(x, y, 16, 16);
  context.fillStyle = '#fff';
  context.fillRect((frame * 7) % width, height - 30, 20, 20);
}

import {
  type Candidate,
  CHANNELS,
  type ChannelLabel,
  type IceServer,
  type PeerTransport,
  webrtcBinding,
} from '@guruconnect/shared';
import type { PeerPipe, PipeListener } from './peer-pipe.ts';
import { readCounters, type StreamCounters } from './stream-stats.ts';

/** A {@link PeerPipe} on the browser's own `RTCPeerConnection`. */
export class WebRtcPipe implements PeerPipe {
  readonly path = 'webrtc';
  readonly #listener: PipeListener;
  readonly #connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  readonly #channels = new Map<ChannelLabel, RTCDataChannel>();
  readonly #early: Candidate[] = [];
  #described = false;
  #over = false;

  constructor(listener: PipeListener) {
    this.#listener = listener;
    const connection = this.#connection;
    connection.addEventListener('track', (event) => this.#onTrack(event));
    connection.addEventListener('datachannel', (event) => this.#onChannel(event.channel));
    connection.addEventListener('icecandidate', ({ candidate }) => {
      // An empty candidate only marks the end of gathering.
      if (!candidate?.candidate || this.#over) return;
      listener.candidate({ candidate: candidate.candidate, mid: candidate.sdpMid ?? '0' });
    });
    connection.addEventListener('connectionstatechange', () => {
      const state = connection.connectionState;
      if (state === 'failed' || state === 'closed') this.#lose(`the connection ${state}`);
    });
  }

  configure(transport: PeerTransport): void {
    if (this.#over || transport.kind !== 'webrtc' || transport.iceServers.length === 0) return;
    const iceServers = transport.iceServers.map(plain);
    this.#connection.setConfiguration({ bundlePolicy: 'max-bundle', iceServers });
  }

  offer(sdp: string): void {
    this.#answer(sdp).catch((error: unknown) => {
      if (!this.#over) this.#listener.fault('offer', error);
      this.#lose('the offer could not be answered');
    });
  }

  candidate(candidate: Candidate): void {
    if (this.#over) return;
    if (this.#described) this.#add(candidate);
    else this.#early.push(candidate);
  }

  isOpen(label: ChannelLabel): boolean {
    return this.#channels.get(label)?.readyState === 'open';
  }

  send(label: ChannelLabel, data: string | Uint8Array<ArrayBuffer>): boolean {
    const channel = this.#channels.get(label);
    if (channel?.readyState !== 'open') return false;
    if (typeof data === 'string') channel.send(data);
    else channel.send(data);
    return true;
  }

  bufferedBytes(label: ChannelLabel): number {
    return this.#channels.get(label)?.bufferedAmount ?? 0;
  }

  closeChannel(label: 'tiles'): void {
    this.#channels.get(label)?.close();
  }

  async counters(): Promise<StreamCounters> {
    const report = await this.#connection.getStats();
    return readCounters(report.values());
  }

  close(): void {
    this.#over = true;
    this.#connection.close();
  }

  async #answer(sdp: string): Promise<void> {
    if (this.#over) return;
    await this.#connection.setRemoteDescription({ type: 'offer', sdp });
    this.#described = true;
    for (const candidate of this.#early.splice(0)) this.#add(candidate);
    await this.#connection.setLocalDescription();
    const answer = this.#connection.localDescription?.sdp ?? '';
    const agent = webrtcBinding(sdp);
    const viewer = webrtcBinding(answer);
    if (agent === undefined || viewer === undefined) {
      throw new Error('The descriptions do not name one certificate each.');
    }
    if (!this.#over) this.#listener.answer(answer, { agent, viewer });
  }

  #add({ candidate, mid }: Candidate): void {
    this.#connection.addIceCandidate({ candidate, sdpMid: mid }).catch((error: unknown) => {
      if (!this.#over) this.#listener.fault('candidate', error);
    });
  }

  #onTrack({ receiver, track, transceiver }: RTCTrackEvent): void {
    if (track.kind !== 'video') return;
    // Show each frame as soon as it is decoded: a late frame is worth less than an uneven one.
    if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = 0;
    const tracks = this.#connection.getTransceivers().filter((one) => one.receiver.track.kind === 'video');
    this.#listener.picture(new MediaStream([track]), tracks.indexOf(transceiver));
  }

  #onChannel(channel: RTCDataChannel): void {
    const { label } = channel;
    if (!isLabel(label) || this.#channels.has(label)) {
      channel.close();
      return;
    }
    channel.binaryType = 'arraybuffer';
    this.#channels.set(label, channel);
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (this.#over) return;
      if (typeof data === 'string') this.#listener.message(label, data);
      else if (data instanceof ArrayBuffer) this.#listener.message(label, new Uint8Array(data));
    });
    channel.addEventListener('close', () => {
      // The picture is as good as a picture can be without them.
      if (label !== 'tiles') this.#lose(`the ${label} channel closed`);
    });
    const tellOpen = () => {
      if (!this.#over) this.#listener.open(label);
    };
    if (channel.readyState === 'open') tellOpen();
    else channel.addEventListener('open', tellOpen);
  }

  #lose(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener.lost(reason);
  }
}

function isLabel(label: string): label is ChannelLabel {
  return Object.hasOwn(CHANNELS, label);
}

/** Without the fields that are not there: the browser refuses `undefined` as a user name. */
function plain({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  };
}

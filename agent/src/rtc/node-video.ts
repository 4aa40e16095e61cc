import { randomBytes, randomInt } from 'node:crypto';
import nodeDataChannel, { type PeerConnection, type Track } from 'node-datachannel';
import type { Clock } from '../core/clock.ts';
import type { RateController } from './rate/rate-controller.ts';
import { MediaTransport } from './rtp/media-transport.ts';
import { EXTENSION, EXTENSION_URI } from './rtp/rtp-packet.ts';
import { type VideoFrame, VideoSender, type VideoStats } from './rtp/video-sender.ts';

const PAYLOAD_TYPE = 102;
const RTX_PAYLOAD_TYPE = 103;
/** Constrained Baseline; level 4.2 is the first that holds 1920x1080 at 60 frames a second (H.264, table A-1). */
const H264_FORMAT = 'profile-level-id=42e02a;packetization-mode=1;level-asymmetry-allowed=1';

interface VideoTrack {
  // The library closes a track whose wrapper is collected: this keeps it alive.
  readonly track: Track;
  readonly sender: VideoSender;
  readonly rtxSsrc: number;
}

export interface NodeVideoDeps {
  readonly clock: Clock;
  readonly connection: PeerConnection;
  readonly rate: RateController;
  readonly tracks: number;
  readonly onOpen: () => void;
  readonly onKeyFrameWanted: (track: number) => void;
  readonly onTargetBitrate: (bitsPerSecond: number) => void;
  readonly onDrained: () => void;
}

/** The video tracks of one connection: `video`, `video1` … in the offer, over one transport. */
export class NodeVideo {
  readonly #tracks: VideoTrack[] = [];
  readonly #transport: MediaTransport;
  readonly #cname = randomBytes(12).toString('base64url');
  #isOpen = false;
  #closed = false;

  constructor(deps: NodeVideoDeps) {
    const { clock, rate, onTargetBitrate, onDrained } = deps;
    this.#transport = new MediaTransport({ clock, rate, onTargetBitrate, onDrained });
    for (let index = 0; index < deps.tracks; index += 1) this.#tracks.push(this.#add(deps, index));
  }

  get queueMs(): number {
    return this.#transport.queueMs;
  }

  /** Of all tracks together. */
  get stats(): VideoStats {
    const { targetBitrate, rttMs } = this.#transport.rate;
    const sum = (read: (stats: VideoStats) => number) =>
      this.#tracks.reduce((total, { sender }) => total + read(sender.stats), 0);
    return {
      packets: sum((one) => one.packets),
      bytes: sum((one) => one.bytes),
      retransmitted: sum((one) => one.retransmitted),
      droppedFrames: sum((one) => one.droppedFrames),
      keyFrameRequests: sum((one) => one.keyFrameRequests),
      targetBitrate,
      rttMs,
    };
  }

  /** The viewer's answer says whether it takes retransmissions on their own streams. */
  answered(sdp: string): void {
    if (!acceptsRtx(sdp)) return;
    for (const { sender, rtxSsrc } of this.#tracks) {
      sender.retransmitOn({ payloadType: RTX_PAYLOAD_TYPE, ssrc: rtxSsrc }, randomInt(0, 2 ** 15));
    }
  }

  /** What the making of the connection showed. */
  roundTripAtMost(rttMs: number): void {
    this.#transport.rate.roundTripAtMost(rttMs);
  }

  sendFrame(index: number, frame: VideoFrame): boolean {
    const found = this.#tracks[index];
    return found !== undefined && !this.#closed && found.track.isOpen() && found.sender.sendFrame(frame);
  }

  close(): void {
    this.#closed = true;
    for (const { sender } of this.#tracks) sender.close();
    this.#transport.close();
  }

  /** The library keeps a track, and whom it tells, until it is closed. */
  closeTracks(): void {
    for (const { track } of this.#tracks) track.close();
  }

  #add(deps: NodeVideoDeps, index: number): VideoTrack {
    const ssrc = randomInt(1, 2 ** 31);
    const rtxSsrc = ssrc + 2 ** 31 - 1;
    const track = deps.connection.addTrack(describeVideo({ index, ssrc, rtxSsrc, cname: this.#cname }));
    track.onOpen(() => this.#opened(deps.onOpen));
    track.onMessage((packet) => {
      if (!this.#closed) this.#transport.receiveRtcp(packet);
    });
    const sender = new VideoSender({
      clock: deps.clock,
      transport: this.#transport,
      ssrc,
      cname: this.#cname,
      payloadType: PAYLOAD_TYPE,
      firstSequence: randomInt(0, 2 ** 15),
      // The track may close between two packets of one frame; sending would throw then.
      send: (packet) => {
        if (!this.#closed && track.isOpen()) track.sendMessageBinary(packet);
      },
      onKeyFrameWanted: () => deps.onKeyFrameWanted(index),
    });
    return { track, sender, rtxSsrc };
  }

  #opened(tell: () => void): void {
    if (this.#closed || this.#isOpen || !this.#tracks.every(({ track }) => track.isOpen())) return;
    this.#isOpen = true;
    // Before the first picture is made for it.
    this.#transport.tellBitrate();
    tell();
  }
}

function describeVideo(track: { index: number; ssrc: number; rtxSsrc: number; cname: string }) {
  const { index, ssrc, rtxSsrc, cname } = track;
  const name = index === 0 ? 'screen' : `screen${index}`;
  const video = new nodeDataChannel.Video(index === 0 ? 'video' : `video${index}`, 'SendOnly');
  video.addH264Codec(PAYLOAD_TYPE, H264_FORMAT);
  video.addRTXCodec(RTX_PAYLOAD_TYPE, PAYLOAD_TYPE, 90_000);
  video.addSSRC(ssrc, cname, name, name);
  video.addSSRC(rtxSsrc, cname, name, name);
  video.parseSdpLine(`a=ssrc-group:FID ${ssrc} ${rtxSsrc}`);
  video.parseSdpLine(`a=rtcp-fb:${PAYLOAD_TYPE} transport-cc`);
  for (const one of Object.keys(EXTENSION) as (keyof typeof EXTENSION)[]) {
    video.parseSdpLine(`a=extmap:${EXTENSION[one]} ${EXTENSION_URI[one]}`);
  }
  return video;
}

function acceptsRtx(sdp: string): boolean {
  return new RegExp(`^a=rtpmap:${RTX_PAYLOAD_TYPE} rtx/90000`, 'im').test(sdp);
}

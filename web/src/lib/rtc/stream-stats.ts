/** The path of the media: straight to the machine, through a TURN server, or through our own relay. */
export type MediaPath = 'direct' | 'turn' | 'relay';

/** Running totals and facts of one moment, read from `getStats()`. */
export interface StreamCounters {
  readonly atMs: number;
  readonly bytesReceived: number;
  readonly framesDecoded: number;
  readonly framesDropped: number;
  readonly keyFramesDecoded: number;
  readonly freezes: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly jitterBufferMs: number;
  readonly jitterBufferFrames: number;
  readonly decodeMs: number;
  readonly width: number;
  readonly height: number;
  readonly codec: string | undefined;
  readonly roundTripMs: number | undefined;
  readonly path: MediaPath | undefined;
  /** Whether a STUN server had to tell an address of the direct path: a router is in between. */
  readonly viaStun?: boolean;
  readonly protocol: string | undefined;
  readonly srtpCipher: string | undefined;
  readonly dtlsCipher: string | undefined;
}

/** What happened between two readings. */
export interface StreamRates {
  readonly fps: number;
  readonly bitsPerSecond: number;
  /** Share of packets that never came, 0 to 1. */
  readonly loss: number;
  /** Mean per frame in ms; undefined while no frame came. */
  readonly jitterBufferMs: number | undefined;
  readonly decodeMs: number | undefined;
}

type Entry = Readonly<Record<string, unknown>>;

/** Reduces a stats report (any iterable of its entries) to what we show. */
export function readCounters(entries: Iterable<Entry>): StreamCounters {
  const all = [...entries];
  const byId = new Map(all.map((entry) => [entry.id, entry]));
  const videos = all.filter((entry) => entry.type === 'inbound-rtp' && entry.kind === 'video');
  // The busiest stands for what cannot be added up.
  const [video = {}] = videos.toSorted((a, b) => number(b.bytesReceived) - number(a.bytesReceived));
  const total = (name: string) => videos.reduce((sum, entry) => sum + number(entry[name]), 0);
  const transport = all.find((entry) => entry.type === 'transport') ?? {};
  const pair = byId.get(transport.selectedCandidatePairId) ?? {};
  const local = byId.get(pair.localCandidateId);
  const remote = byId.get(pair.remoteCandidateId);
  const codec = byId.get(video.codecId);
  const roundTripMs = optionalNumber(pair.currentRoundTripTime);
  const relayed = local?.candidateType === 'relay' || remote?.candidateType === 'relay';
  return {
    atMs: number(video.timestamp ?? transport.timestamp),
    bytesReceived: total('bytesReceived') + total('headerBytesReceived'),
    framesDecoded: total('framesDecoded'),
    framesDropped: total('framesDropped'),
    keyFramesDecoded: total('keyFramesDecoded'),
    freezes: total('freezeCount'),
    packetsReceived: total('packetsReceived'),
    packetsLost: total('packetsLost'),
    jitterBufferMs: total('jitterBufferDelay') * 1000,
    jitterBufferFrames: total('jitterBufferEmittedCount'),
    decodeMs: total('totalDecodeTime') * 1000,
    width: number(video.frameWidth),
    height: number(video.frameHeight),
    codec: text(codec?.mimeType)?.replace(/^video\//, ''),
    roundTripMs: roundTripMs === undefined ? undefined : roundTripMs * 1000,
    path: local || remote ? (relayed ? 'turn' : 'direct') : undefined,
    ...(relayed ? {} : { viaStun: isBehindRouter(local, remote) }),
    protocol: text(local?.relayProtocol) ?? text(local?.protocol),
    srtpCipher: text(transport.srtpCipher),
    dtlsCipher: text(transport.dtlsCipher),
  };
}

export function ratesBetween(before: StreamCounters, after: StreamCounters): StreamRates {
  const seconds = (after.atMs - before.atMs) / 1000;
  const frames = Math.max(0, after.framesDecoded - before.framesDecoded);
  const buffered = after.jitterBufferFrames - before.jitterBufferFrames;
  const lost = Math.max(0, after.packetsLost - before.packetsLost);
  const packets = lost + Math.max(0, after.packetsReceived - before.packetsReceived);
  const bytes = Math.max(0, after.bytesReceived - before.bytesReceived);
  return {
    fps: seconds > 0 ? frames / seconds : 0,
    bitsPerSecond: seconds > 0 ? (bytes * 8) / seconds : 0,
    loss: packets > 0 ? lost / packets : 0,
    jitterBufferMs: buffered > 0 ? (after.jitterBufferMs - before.jitterBufferMs) / buffered : undefined,
    decodeMs: frames > 0 ? (after.decodeMs - before.decodeMs) / frames : undefined,
  };
}

/** An address that only somebody outside could tell. Our own may be seen anew by the other end on any network. */
function isBehindRouter(local: Entry | undefined, remote: Entry | undefined): boolean {
  if (local?.candidateType === 'srflx') return true;
  return remote?.candidateType === 'srflx' || remote?.candidateType === 'prflx';
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function optionalNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

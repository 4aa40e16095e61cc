import type { QualityMode } from '@guruconnect/shared';
import type { StreamQuality } from '../../lib/rtc/stream-monitor.ts';
import type { StreamNews, ViewerState } from './viewer-state.ts';

/** Name and value; a dash for what is not known. */
export type Figure = readonly [name: string, value: string];

export const QUALITY_MODES: readonly { mode: QualityMode; label: string; hint: string }[] = [
  { mode: 'auto', label: 'Automatic', hint: 'What fits the screen and the line' },
  { mode: 'sharp-text', label: 'Sharp text', hint: 'Every detail, fewer pictures a second' },
  { mode: 'smooth-motion', label: 'Smooth motion', hint: 'Many pictures a second, softer ones' },
  { mode: 'low-bandwidth', label: 'Low bandwidth', hint: 'As little data as is still useful' },
];

const LIMITS: Record<StreamNews['limitedBy'], string> = {
  nothing: 'nothing',
  network: 'the network',
  encoder: "the computer's speed",
  mode: 'the chosen quality',
};
const CONTENT: Record<StreamNews['content'], string> = {
  screen: 'text',
  motion: 'motion',
};

/** What changes from second to second. */
export function liveFigures({ counters, rates, heartbeatMs, inputToPhoton }: StreamQuality): Figure[] {
  return [
    ['Frames', rates ? `${rates.fps.toFixed(0)} per second` : DASH],
    ['Bit rate', rates ? bitRate(rates.bitsPerSecond) : DASH],
    ['Round trip', ms(counters.roundTripMs ?? heartbeatMs)],
    ['Lost packets', rates ? `${(rates.loss * 100).toFixed(1)} %` : DASH],
    ['Input to picture', latency(inputToPhoton)],
  ];
}

/** What the picture is, how it comes, and how it is protected. */
export function lastingFigures(
  { counters, freezes }: StreamQuality,
  { route, streams, security }: Pick<ViewerState, 'route' | 'streams' | 'security'>,
): Figure[] {
  return [
    ['Picture', picture(streams) ?? (counters.width ? size(counters) : DASH)],
    ...limits(streams),
    ['Freezes', `${freezes}`],
    ['Path', pathOf(counters) ?? DASH],
    ...(route?.why ? [['Why', route.why] as const] : []),
    ['Codec', counters.codec ?? DASH],
    ['Picture cipher', mediaCipher(counters)],
    ...(counters.dtlsCipher ? [['Its key exchange', cipherName(counters.dtlsCipher)] as const] : []),
    ['Input cipher', security ? 'AES-256-GCM' : DASH],
  ];
}

/** The whole in one short line, where there is little room. */
export function shortFigures(quality: StreamQuality): string {
  const { rates, counters, heartbeatMs, inputToPhoton } = quality;
  return [
    rates ? `${rates.fps.toFixed(0)} fps` : DASH,
    rates ? bitRate(rates.bitsPerSecond) : DASH,
    `RTT ${ms(counters.roundTripMs ?? heartbeatMs)}`,
    `input ${ms(inputToPhoton.p50Ms)}`,
  ].join(' · ');
}

/** The path in words: how direct it is, and over what. */
export function pathOf({ path, viaStun, protocol }: StreamQuality['counters']): string | undefined {
  if (!path) return undefined;
  const name = {
    direct: viaStun ? 'Direct, through a router (STUN)' : 'Direct',
    turn: 'Through a TURN server',
    relay: 'Through the relay',
  }[path];
  return protocol ? `${name}, ${protocol.toUpperCase()}` : name;
}

const DASH = '–';

function mediaCipher({ path, srtpCipher }: StreamQuality['counters']): string {
  if (path === 'relay') return 'AES-256-GCM';
  return srtpCipher ? cipherName(srtpCipher) : DASH;
}

function picture(streams: readonly StreamNews[]): string | undefined {
  if (streams.length === 0) return undefined;
  return streams.map((one) => `${size(one)}, ${CONTENT[one.content]}`).join('; ');
}

function limits([first]: readonly StreamNews[]): Figure[] {
  if (!first) return [];
  return [
    ['Allowed', `${bitRate(first.bitrate)}, ${first.maxFps.toFixed(0)} fps`],
    ['Limited by', LIMITS[first.limitedBy]],
  ];
}

function latency({ samples, p50Ms, p95Ms }: StreamQuality['inputToPhoton']): string {
  return samples ? `${ms(p50Ms)}, 95 %: ${ms(p95Ms)}` : DASH;
}

function size({ width, height }: { width: number; height: number }): string {
  return `${width} × ${height}`;
}

export function ms(value: number | undefined): string {
  return value === undefined ? DASH : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

function bitRate(bitsPerSecond: number): string {
  return bitsPerSecond >= 1e6
    ? `${(bitsPerSecond / 1e6).toFixed(1)} Mbit/s`
    : `${(bitsPerSecond / 1e3).toFixed(0)} kbit/s`;
}

/** `SRTP_AEAD_AES_256_GCM` and `TLS_ECDHE_…` as people write them. */
function cipherName(cipher: string): string {
  return cipher.replace(/^SRTP_(AEAD_)?|^AEAD_|^TLS_/, '').replaceAll('_', '-');
}

import { describe, expect, it } from 'vitest';
import type { StreamQuality } from '../../lib/rtc/stream-monitor.ts';
import { readCounters } from '../../lib/rtc/stream-stats.ts';
import { lastingFigures, liveFigures, pathOf, shortFigures } from './quality-figures.ts';

const NO_LATENCY = { samples: 0, p50Ms: undefined, p95Ms: undefined };
const counters = { ...readCounters([]), path: 'direct', protocol: 'udp' } as const;
const quality: StreamQuality = {
  counters: { ...counters, roundTripMs: 4.25, srtpCipher: 'AEAD_AES_256_GCM', codec: 'H264' },
  rates: { fps: 29.6, bitsPerSecond: 1_250_000, loss: 0.0123, jitterBufferMs: 1, decodeMs: 2 },
  heartbeatMs: 6,
  inputToPhoton: { samples: 20, p50Ms: 38.4, p95Ms: 61 },
  inputToPhotonTotal: { samples: 20, p50Ms: 38, p95Ms: 61 },
  freezes: 2,
  stages: undefined,
  encode: undefined,
};
const none = { route: undefined, streams: [], security: undefined };

describe('the figures of the connection', () => {
  it('are rounded as people read them', () => {
    expect(liveFigures(quality)).toEqual([
      ['Frames', '30 per second'],
      ['Bit rate', '1.3 Mbit/s'],
      ['Round trip', '4.3 ms'],
      ['Lost packets', '1.2 %'],
      ['Input to picture', '38 ms, 95 %: 61 ms'],
    ]);
    expect(shortFigures(quality)).toBe('30 fps · 1.3 Mbit/s · RTT 4.3 ms · input 38 ms');
  });

  it('are dashes while nothing is known', () => {
    const unknown = { ...quality, counters: readCounters([]), rates: undefined, heartbeatMs: undefined };
    const values = liveFigures({ ...unknown, inputToPhoton: NO_LATENCY }).map(([, value]) => value);
    expect(values).toEqual(['–', '–', '–', '–', '–']);
  });

  it('tell the picture and its limit as the agent says', () => {
    const stream = {
      track: 0,
      display: 0,
      width: 960,
      height: 540,
      bitrate: 800_000,
      maxFps: 15,
      content: 'screen',
      mode: 'auto',
      limitedBy: 'network',
    } as const;
    const figures = new Map(lastingFigures(quality, { ...none, streams: [stream] }));
    expect(figures.get('Picture')).toBe('960 × 540, text');
    expect(figures.get('Allowed')).toBe('800 kbit/s, 15 fps');
    expect(figures.get('Limited by')).toBe('the network');
  });

  it('tell the path and why it is not a better one', () => {
    expect(pathOf(counters)).toBe('Direct, UDP');
    expect(pathOf({ ...counters, viaStun: true })).toBe('Direct, through a router (STUN), UDP');
    expect(pathOf({ ...counters, path: 'turn' })).toBe('Through a TURN server, UDP');
    const route = { path: 'relay', why: 'UDP seems to be blocked' } as const;
    expect(new Map(lastingFigures(quality, { ...none, route })).get('Why')).toBe('UDP seems to be blocked');
  });

  it('tell the ciphers, and that of the relay where no SRTP is', () => {
    const direct = new Map(lastingFigures(quality, none));
    expect(direct.get('Picture cipher')).toBe('AES-256-GCM');
    expect(direct.get('Input cipher')).toBe('–');
    const relayed = { ...quality, counters: { ...counters, path: 'relay' } as const };
    const security = { words: ['a', 'b', 'c'], agentKey: 'k', pinned: 'new' } as const;
    const figures = new Map(lastingFigures(relayed, { ...none, security }));
    expect(figures.get('Picture cipher')).toBe('AES-256-GCM');
    expect(figures.get('Input cipher')).toBe('AES-256-GCM');
  });
});

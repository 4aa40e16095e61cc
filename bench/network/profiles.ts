import type { LinkShape } from '../../e2e/support/network/link.ts';

/** What the remote screen shows while a line is measured: the same for the agent and for the reference. */
export interface Scene {
  /** In the lower half of the screen; the upper half turns on each key. */
  readonly kind: 'text' | 'film';
  readonly fps: number;
}

/** What happens to the line while it is measured. */
export type Course = 'steady' | 'steps' | 'cut' | 'move-agent' | 'move-viewer';

export interface Profile {
  readonly name: string;
  readonly what: string;
  readonly rttMs: number;
  /** Both directions alike. */
  readonly link: LinkShape;
  readonly scene: Scene;
  readonly course: Course;
}

const Mbit = 1_000_000;
const TEXT: Scene = { kind: 'text', fps: 30 };
const FILM: Scene = { kind: 'film', fps: 30 };
/** What home routers hold when they are not bad ones. */
const QUEUE_MS = 300;
/** Bursts of five packets on average, and 5 percent of all. */
const BURSTS = { enter: 0.2 * (0.05 / 0.95), leave: 0.2, loss: 1 };

/** The step of profile e, down and up again. */
export const STEPS = { high: 20 * Mbit, low: 1 * Mbit } as const;
export const CUT_MS = 2_000;

/** In the order in which they are measured: moving comes last, it leaves other addresses behind. */
export const PROFILES: readonly Profile[] = [
  profile('a', '50 Mbit/s, 5 ms', 50 * Mbit, 5, {}, TEXT),
  profile('b', '5 Mbit/s, 40 ms, 0.5 % loss', 5 * Mbit, 40, { loss: 0.005 }, FILM),
  profile('c', '1 Mbit/s, 80 ms, 1 % loss', 1 * Mbit, 80, { loss: 0.01 }, TEXT),
  profile('c-film', '1 Mbit/s, 80 ms, 1 % loss, more than fits', 1 * Mbit, 80, { loss: 0.01 }, FILM),
  profile('d', '300 kbit/s, 200 ms', 300_000, 200, {}, TEXT),
  profile('e', '20, 1, 20 Mbit/s in steps, 40 ms', STEPS.high, 40, {}, { kind: 'film', fps: 60 }, 'steps'),
  profile('f', '5 Mbit/s, 40 ms, 5 % loss at random', 5 * Mbit, 40, { loss: 0.05 }, FILM),
  profile('f-bursty', '5 Mbit/s, 40 ms, 5 % loss in bursts', 5 * Mbit, 40, { burst: BURSTS }, FILM),
  profile('g', '5 Mbit/s, 40 ms, cut for 2 s', 5 * Mbit, 40, {}, TEXT, 'cut'),
  profile('h', '5 Mbit/s, 40 ms, another address', 5 * Mbit, 40, {}, TEXT, 'move-agent'),
  profile(
    'h-viewer',
    '5 Mbit/s, 40 ms, another address of the viewer',
    5 * Mbit,
    40,
    {},
    TEXT,
    'move-viewer',
  ),
];

function profile(
  name: string,
  what: string,
  rate: number,
  rttMs: number,
  loss: Pick<LinkShape, 'loss' | 'burst'>,
  scene: Scene,
  course: Course = 'steady',
): Profile {
  const none = { loss: 0, burst: { enter: 0, leave: 0, loss: 0 }, jitterMs: 0, queueBytes: 0, cut: false };
  const link = { ...none, rate, delayMs: rttMs / 2, queueMs: QUEUE_MS, ...loss };
  return { name, what, rttMs, link, scene, course };
}

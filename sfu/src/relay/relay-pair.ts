import { RELAY_CLOSE, type RelayLimits, type RelayRole } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { RelayEnd } from './relay-end.ts';
import { RelayLane } from './relay-lane.ts';

/** Both ends beat twice a second; a page in the background may fall silent for a minute. */
export const IDLE_MS = 90_000;
const CHECK_MS = 5_000;

/** Two ends that hear each other and nobody else. What they say is not looked at. */
export class RelayPair {
  readonly #ends: Readonly<Record<RelayRole, RelayEnd>>;
  readonly #lanes: Readonly<Record<RelayRole, RelayLane>>;
  readonly #stops: (() => void)[];
  readonly #onOver: () => void;
  #isOver = false;

  constructor(deps: {
    clock: Clock;
    limits: RelayLimits;
    ends: Readonly<Record<RelayRole, RelayEnd>>;
    onOver: () => void;
  }) {
    const { clock, ends } = deps;
    const { bytesPerSecond, seconds } = deps.limits;
    this.#ends = ends;
    this.#onOver = deps.onOver;
    this.#lanes = {
      agent: new RelayLane({ clock, bytesPerSecond, from: ends.agent, to: ends.viewer }),
      viewer: new RelayLane({ clock, bytesPerSecond, from: ends.viewer, to: ends.agent }),
    };
    this.#stops = [
      clock.after(seconds * 1000, () => this.close(RELAY_CLOSE.timeUp, 'the time is up')),
      clock.every(CHECK_MS, () => this.#check(clock.now())),
    ];
    ends.agent.tellPaired();
    ends.viewer.tellPaired();
  }

  /** Bytes that wait in this process to be sent. */
  get waitingBytes(): number {
    return this.#lanes.agent.waitingBytes + this.#lanes.viewer.waitingBytes;
  }

  /** Passes on what an end said. */
  pass(from: RelayRole, data: Buffer): void {
    if (!this.#isOver) this.#lanes[from].pass(data);
  }

  /** Ends both; told to the owner once. */
  close(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const stop of this.#stops) stop();
    this.#ends.agent.close(code, reason);
    this.#ends.viewer.close(code, reason);
    this.#onOver();
  }

  #check(nowMs: number): void {
    const silentMs = Math.max(this.#lanes.agent.silentMs(nowMs), this.#lanes.viewer.silentMs(nowMs));
    if (silentMs > IDLE_MS) this.close(RELAY_CLOSE.timeUp, 'an end fell silent');
  }
}

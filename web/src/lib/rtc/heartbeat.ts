/** How often a ping is sent. */
export const PING_MS = 500;
/** Without an answer for so long the path is in doubt: time to look for another one. */
export const STALLED_AFTER_MS = 1_500;
/** For so long, and the agent has given the peer up as well. */
export const LOST_AFTER_MS = 10_000;

/** A tick that comes this late was held back (a sleeping laptop, a hidden tab): silence proves nothing then. */
const LATE_TICK_MS = 1_500;

export type Beat =
  | { readonly kind: 'ping'; readonly n: number; readonly isStalled: boolean }
  | { readonly kind: 'lost' };

/** Decides from pings and pongs whether a peer lives; the library under it takes half a minute to notice. */
export class Heartbeat {
  readonly #sent = new Map<number, number>();
  #n = 0;
  #lastTickMs: number;
  #aliveMs: number;
  #rttMs: number | undefined;

  constructor(nowMs: number) {
    this.#lastTickMs = nowMs;
    this.#aliveMs = nowMs;
  }

  /** Round trip of the newest answered ping in ms. */
  get rttMs(): number | undefined {
    return this.#rttMs;
  }

  tick(nowMs: number): Beat {
    if (nowMs - this.#lastTickMs > LATE_TICK_MS) {
      this.#sent.clear();
      this.#aliveMs = nowMs;
    }
    this.#lastTickMs = nowMs;
    const silentMs = nowMs - this.#aliveMs;
    if (silentMs >= LOST_AFTER_MS) return { kind: 'lost' };
    this.#n += 1;
    this.#sent.set(this.#n, nowMs);
    return { kind: 'ping', n: this.#n, isStalled: silentMs >= STALLED_AFTER_MS };
  }

  pong(n: number, nowMs: number): void {
    const sentMs = this.#sent.get(n);
    if (sentMs === undefined) return;
    this.#rttMs = nowMs - sentMs;
    this.#aliveMs = nowMs;
    for (const older of this.#sent.keys()) if (older <= n) this.#sent.delete(older);
  }
}

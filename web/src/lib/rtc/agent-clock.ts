interface Reading {
  readonly roundTripMs: number;
  readonly aheadMs: number;
}

/** The best of so many answers is believed: about 15 seconds of heartbeats. Clocks drift less than 1 ms in that. */
const KEPT = 30;

/**
 * Sets the agent's clock against ours by its answers to the heartbeat: it told its time half a round trip ago.
 * The quickest answer waited least on the way, so it is off by the least.
 */
export class AgentClock {
  #readings: Reading[] = [];

  /** An answer with the agent's time came at `nowMs` of our clock. */
  answered(agentTimeMs: number, roundTripMs: number, nowMs: number): void {
    if (!Number.isFinite(agentTimeMs) || !(roundTripMs >= 0)) return;
    const reading = { roundTripMs, aheadMs: agentTimeMs - (nowMs - roundTripMs / 2) };
    this.#readings = [...this.#readings.slice(1 - KEPT), reading];
  }

  /** A time of the agent on our clock; undefined before the first answer. */
  toLocal(agentTimeMs: number): number | undefined {
    const [first, ...others] = this.#readings;
    if (!first) return undefined;
    const best = others.reduce((a, b) => (b.roundTripMs < a.roundTripMs ? b : a), first);
    return agentTimeMs - best.aheadMs;
  }
}

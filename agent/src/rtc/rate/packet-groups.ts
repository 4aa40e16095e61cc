/** How the spacing of two bursts changed on the way: positive means that the later one queued. */
export interface GroupDelta {
  readonly sentMs: number;
  readonly arrivedMs: number;
  /** On the receiver's clock. */
  readonly atMs: number;
}

interface Group {
  firstSentMs: number;
  lastSentMs: number;
  firstArrivedMs: number;
  lastArrivedMs: number;
}

/** What leaves within this time is one burst: its packets queue behind one another, whatever the path does. */
const BURST_MS = 5;
const LONGEST_BURST_MS = 100;

/** Puts packets into bursts and compares each burst with the one before (GCC draft, 5.1 and 5.2). */
export class PacketGroups {
  #current: Group | undefined;
  #previous: Group | undefined;

  /** Packets must come in the order of sending. Returns a delta when a burst has ended. */
  add(sentAtMs: number, arrivedMs: number): GroupDelta | undefined {
    const current = this.#current;
    if (!current) {
      this.#current = start(sentAtMs, arrivedMs);
      return undefined;
    }
    if (belongsTo(current, sentAtMs, arrivedMs)) {
      current.lastSentMs = Math.max(current.lastSentMs, sentAtMs);
      current.lastArrivedMs = Math.max(current.lastArrivedMs, arrivedMs);
      return undefined;
    }
    const previous = this.#previous;
    this.#previous = current;
    this.#current = start(sentAtMs, arrivedMs);
    if (!previous) return undefined;
    return {
      sentMs: current.lastSentMs - previous.lastSentMs,
      arrivedMs: current.lastArrivedMs - previous.lastArrivedMs,
      atMs: current.lastArrivedMs,
    };
  }
}

function start(sentAtMs: number, arrivedMs: number): Group {
  return {
    firstSentMs: sentAtMs,
    lastSentMs: sentAtMs,
    firstArrivedMs: arrivedMs,
    lastArrivedMs: arrivedMs,
  };
}

function belongsTo(group: Group, sentAtMs: number, arrivedMs: number): boolean {
  if (sentAtMs - group.firstSentMs <= BURST_MS) return true;
  // Held up together and delivered together, as wireless links do: the gap between them tells nothing.
  const gapMs = arrivedMs - group.lastArrivedMs;
  const gained = gapMs - (sentAtMs - group.lastSentMs);
  return gained < 0 && gapMs <= BURST_MS && arrivedMs - group.firstArrivedMs < LONGEST_BURST_MS;
}

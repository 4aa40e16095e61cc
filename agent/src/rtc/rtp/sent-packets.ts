interface SentPacket {
  readonly sequence: number;
  readonly sentAtMs: number;
  readonly bytes: number;
  /** Its arrival time says nothing then: the report may mean the second copy. */
  sentAgain: boolean;
}

const CAPACITY = 8192;

/** What was sent under which transport sequence number, until feedback tells what became of it. */
export class SentPackets {
  readonly #ring: (SentPacket | undefined)[] = new Array(CAPACITY).fill(undefined);

  add(sequence: number, bytes: number, sentAtMs: number): void {
    this.#ring[sequence % CAPACITY] = { sequence, sentAtMs, bytes, sentAgain: false };
  }

  markSentAgain(sequence: number): void {
    const found = this.#find(sequence);
    if (found) found.sentAgain = true;
  }

  /** The packet, unless it is forgotten or was sent more than once. */
  get(sequence: number): { readonly sentAtMs: number; readonly bytes: number } | undefined {
    const found = this.#find(sequence);
    return found?.sentAgain ? undefined : found;
  }

  #find(sequence: number): SentPacket | undefined {
    const found = this.#ring[sequence % CAPACITY];
    return found?.sequence === sequence ? found : undefined;
  }
}

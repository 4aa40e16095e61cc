export interface SentPacket {
  readonly sequence: number;
  readonly sentAtMs: number;
  readonly bytes: number;
  readonly probe: number | undefined;
}

const CAPACITY = 8192;
/** Reports that take longer than this are not coming. */
const FORGET_MS = 3000;

/** What was sent under which transport sequence number, until feedback tells what became of it. */
export class SentPackets {
  readonly #ring: (SentPacket | undefined)[] = new Array(CAPACITY).fill(undefined);
  #oldest = 0;
  #next = 0;
  #inFlightBytes = 0;

  /** Sent and neither reported nor given up. */
  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  /** Numbers must come one after the other. */
  add(packet: SentPacket): void {
    const at = packet.sequence % CAPACITY;
    this.#drop(this.#ring[at]);
    this.#ring[at] = packet;
    this.#inFlightBytes += packet.bytes;
    if (this.#inFlightBytes === packet.bytes) this.#oldest = packet.sequence;
    this.#next = (packet.sequence + 1) & 0xffff;
  }

  /** The packet, once: what was taken or forgotten is undefined. */
  take(sequence: number): SentPacket | undefined {
    const found = this.#ring[sequence % CAPACITY];
    if (found?.sequence !== sequence) return undefined;
    this.#drop(found);
    return found;
  }

  /** Gives up what was sent before this number: reports come in order, so the one that told of it is lost. */
  giveUpBefore(sequence: number): void {
    this.#giveUp((packet) => ((packet.sequence - sequence) << 16) >> 16 < 0);
  }

  giveUpOld(nowMs: number): void {
    this.#giveUp((packet) => nowMs - packet.sentAtMs > FORGET_MS);
  }

  #giveUp(isOver: (packet: SentPacket) => boolean): void {
    while (this.#oldest !== this.#next) {
      const packet = this.#ring[this.#oldest % CAPACITY];
      if (packet?.sequence === this.#oldest) {
        if (!isOver(packet)) return;
        this.#drop(packet);
      }
      this.#oldest = (this.#oldest + 1) & 0xffff;
    }
  }

  #drop(packet: SentPacket | undefined): void {
    if (!packet) return;
    this.#ring[packet.sequence % CAPACITY] = undefined;
    this.#inFlightBytes -= packet.bytes;
  }
}

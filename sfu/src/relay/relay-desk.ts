import { RELAY_CLOSE, type RelayRole, type RelayTicketClaims } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { RelayEnd } from './relay-end.ts';
import { RelayPair } from './relay-pair.ts';

/** How long the first end waits for the other. */
export const PARTNER_WITHIN_MS = 20_000;
const SWEEP_MS = 10_000;

/** What became of one ticket; kept until nobody could join with it any more. */
interface Table {
  readonly joinBy: number;
  readonly ends: Map<RelayRole, RelayEnd>;
  pair: RelayPair | undefined;
  isOver: boolean;
}

/** An end's place at its table. */
export interface Seat {
  pass(data: Buffer): void;
  /** The end's connection is gone. */
  left(): void;
}

/** Brings the two ends of each ticket together: one agent, one viewer, once. */
export class RelayDesk {
  readonly #clock: Clock;
  readonly #tables = new Map<string, Table>();
  readonly #stopSweeping: () => void;
  #pairsMade = 0;
  #passedBytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#stopSweeping = clock.every(SWEEP_MS, () => this.#sweep());
  }

  get counters() {
    const tables = [...this.#tables.values()];
    const pairs = tables.flatMap(({ pair }) => pair ?? []);
    return {
      pairs: pairs.length,
      waitingEnds: tables.filter(({ ends }) => ends.size === 1).length,
      pairsMade: this.#pairsMade,
      passedBytes: this.#passedBytes,
      bufferedBytes: pairs.reduce((sum, pair) => sum + pair.waitingBytes, 0),
    };
  }

  /** Takes an end whose ticket is genuine. Undefined when it was closed at once instead. */
  join(role: RelayRole, end: RelayEnd, claims: RelayTicketClaims): Seat | undefined {
    const nowMs = this.#clock.now();
    if (nowMs > claims.joinBy) {
      end.close(RELAY_CLOSE.expired, 'the ticket is too old');
      return undefined;
    }
    const table = this.#tableOf(claims);
    if (table.isOver || table.ends.has(role)) {
      end.close(RELAY_CLOSE.used, 'the ticket was used');
      return undefined;
    }
    table.ends.set(role, end);
    this.#pairUp(table, claims);
    return {
      pass: (data) => {
        // Before the other end is there nobody may speak: it could be kept for nobody.
        if (!table.pair) return this.#end(table, RELAY_CLOSE.malformed, 'an end spoke before the other came');
        this.#passedBytes += data.length;
        table.pair.pass(role, data);
      },
      left: () => this.#end(table, RELAY_CLOSE.partnerGone, 'the other end is gone'),
    };
  }

  /** Ends all pairs. */
  close(code: number, reason: string): void {
    this.#stopSweeping();
    for (const table of this.#tables.values()) this.#end(table, code, reason);
  }

  #tableOf({ peerId, joinBy }: RelayTicketClaims): Table {
    const known = this.#tables.get(peerId);
    if (known) return known;
    const table: Table = { joinBy, ends: new Map(), pair: undefined, isOver: false };
    this.#tables.set(peerId, table);
    return table;
  }

  #pairUp(table: Table, { limits }: RelayTicketClaims): void {
    const agent = table.ends.get('agent');
    const viewer = table.ends.get('viewer');
    if (!agent || !viewer) {
      this.#clock.after(PARTNER_WITHIN_MS, () => {
        if (!table.pair) this.#end(table, RELAY_CLOSE.partnerGone, 'the other end did not come');
      });
      return;
    }
    this.#pairsMade += 1;
    table.pair = new RelayPair({
      clock: this.#clock,
      limits,
      ends: { agent, viewer },
      onOver: () => this.#forget(table),
    });
  }

  #end(table: Table, code: number, reason: string): void {
    if (table.isOver) return;
    const ends = [...table.ends.values()];
    table.pair?.close(code, reason);
    this.#forget(table);
    for (const end of ends) end.close(code, reason);
  }

  /** That it was used is all that is kept of it. */
  #forget(table: Table): void {
    table.isOver = true;
    table.pair = undefined;
    table.ends.clear();
  }

  #sweep(): void {
    const nowMs = this.#clock.now();
    for (const [peerId, { isOver, joinBy }] of this.#tables) {
      if (isOver && nowMs > joinBy) this.#tables.delete(peerId);
    }
  }
}

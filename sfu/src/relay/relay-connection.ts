import {
  MAX_RELAY_JOIN_BYTES,
  RELAY_CLOSE,
  RelayJoin,
  type RelayPaired,
  type RelayTicketClaims,
} from '@guruconnect/shared';
import type { RawData, WebSocket } from 'ws';
import * as z from 'zod/mini';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { RelayDesk, Seat } from './relay-desk.ts';
import type { RelayEnd } from './relay-end.ts';
import { verifyTicket } from './verify-ticket.ts';

export interface RelayConnectionDeps {
  readonly socket: WebSocket;
  /** As the browser told it; programs send none. */
  readonly origin: string | undefined;
  readonly secret: string;
  readonly desk: Pick<RelayDesk, 'join'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly place: { joined(): void; closed(): void };
}

const JOIN_WITHIN_MS = 5_000;
/** An end that does not answer the closing handshake is cut off. */
const CLOSE_WITHIN_MS = 2_000;

/** One WebSocket: shows its ticket, then passes bytes. */
export class RelayConnection implements RelayEnd {
  readonly #deps: RelayConnectionDeps;
  readonly #cancelJoin: () => void;
  #seat: Seat | undefined;
  #isClosing = false;

  constructor(deps: RelayConnectionDeps) {
    this.#deps = deps;
    const { socket, clock, place } = deps;
    this.#cancelJoin = clock.after(JOIN_WITHIN_MS, () =>
      this.close(RELAY_CLOSE.refused, 'no ticket came in time'),
    );
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    // What the library refuses (too large, no WebSocket) closes the socket by itself.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isClosing = true;
      this.#cancelJoin();
      place.closed();
      this.#seat?.left();
    });
  }

  send(data: Buffer, sent: () => void): void {
    this.#deps.socket.send(data, { binary: true }, sent);
  }

  tellPaired(): void {
    const message: z.infer<typeof RelayPaired> = { type: 'paired' };
    this.#deps.socket.send(JSON.stringify(message), { binary: false });
  }

  pause(): void {
    this.#deps.socket.pause();
  }

  resume(): void {
    this.#deps.socket.resume();
  }

  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const { socket, clock, log } = this.#deps;
    log.info({ code, reason }, 'a connection is closed');
    // A paused socket would never read the other side's answer.
    socket.resume();
    socket.close(code, reason);
    clock.after(CLOSE_WITHIN_MS, () => socket.terminate());
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#isClosing) return;
    // The library hands over one Buffer unless told otherwise.
    const bytes = data as Buffer;
    if (!this.#seat) this.#join(bytes, isBinary);
    else if (isBinary) this.#seat.pass(bytes);
    else this.close(RELAY_CLOSE.malformed, 'text after the join');
  }

  #join(bytes: Buffer, isBinary: boolean): void {
    const join = isBinary || bytes.length > MAX_RELAY_JOIN_BYTES ? undefined : parsed(bytes);
    const claims = join && verifyTicket(this.#deps.secret, join.ticket);
    if (!join || !claims || !this.#isFromRightPage(join, claims)) {
      this.close(RELAY_CLOSE.refused, 'the ticket is refused');
      return;
    }
    this.#cancelJoin();
    this.#deps.place.joined();
    this.#seat = this.#deps.desk.join(join.role, this, claims);
  }

  /** Browsers always tell their page; an agent is no browser. */
  #isFromRightPage({ role }: RelayJoin, claims: RelayTicketClaims): boolean {
    const { origin } = this.#deps;
    return role === 'agent' ? origin === undefined : origin === claims.origin;
  }
}

function parsed(bytes: Buffer): RelayJoin | undefined {
  try {
    const join = z.safeParse(RelayJoin, JSON.parse(bytes.toString('utf8')));
    return join.success ? join.data : undefined;
  } catch {
    return undefined;
  }
}

import {
  type ApiReply,
  GuruError,
  type MachineInfo,
  PowChallenge,
  type PowSolution,
  type SessionCode,
} from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { Clock } from '../core/clock.ts';
import { newIdentityKey } from '../secure/identity-key.ts';
import type { ApiClient } from './api-client.ts';
import type { Presence, SessionTicket } from './presence.ts';
import { solvePuzzle } from './solve-puzzle.ts';
import type { TicketStore } from './ticket-store.ts';

export interface OneTimePresenceDeps {
  readonly api: ApiClient;
  readonly store: Pick<TicketStore, 'load' | 'save' | 'remove'>;
  readonly machine: MachineInfo;
  readonly clock: Pick<Clock, 'after'>;
  /** The code, asked of the person if need be. */
  readonly code: SessionCode;
  readonly events: {
    /** Another agent holds the session, or codes are under attack: the technician must admit this one. */
    onWaiting(): void;
    onPuzzle(): void;
  };
}

type Exchanged = ApiReply<'exchangeCode'>;

const MAX_PUZZLES = 5;
const MIN_POLL_MS = 500;

/** An agent for one session: it comes by a code, or by the token that it got for it before. */
export class OneTimePresence implements Presence {
  readonly #deps: OneTimePresenceDeps;
  #done = false;
  /** Whether the ticket is of this run, not one that was kept from before. */
  #isFresh = false;

  constructor(deps: OneTimePresenceDeps) {
    this.#deps = deps;
  }

  async next(signal: AbortSignal): Promise<SessionTicket | undefined> {
    if (this.#done) return undefined;
    const kept = await this.#deps.store.load();
    if (kept) return kept;
    const ticket = await this.#admitted(await this.#exchange(signal), signal);
    this.#isFresh = true;
    await this.#deps.store.save(ticket);
    return ticket;
  }

  async ended(): Promise<void> {
    this.#done = true;
    await this.#deps.store.remove();
  }

  /** One that was kept may be of an older session. One that was just given is not taken: its session ended meanwhile. */
  async refused(): Promise<void> {
    this.#done = this.#isFresh;
    await this.#deps.store.remove();
  }

  async #exchange(signal: AbortSignal): Promise<Exchanged> {
    const { api, code, machine, events } = this.#deps;
    let proof: PowSolution | undefined;
    for (let puzzles = 0; ; puzzles += 1) {
      try {
        return await api.post('exchangeCode', { code, machine, ...(proof ? { proof } : {}) }, signal);
      } catch (error) {
        const challenge = challengeOf(error);
        if (!challenge || puzzles >= MAX_PUZZLES) throw error;
        events.onPuzzle();
        proof = await solvePuzzle(challenge, signal);
      }
    }
  }

  async #admitted(first: Exchanged, signal: AbortSignal): Promise<SessionTicket> {
    let exchanged = first;
    if (exchanged.status === 'waiting') this.#deps.events.onWaiting();
    while (exchanged.status === 'waiting') {
      const { knockToken, pollSeconds } = exchanged;
      await this.#pause(Math.max(MIN_POLL_MS, pollSeconds * 1000), signal);
      exchanged = await this.#ask(knockToken, exchanged, signal);
    }
    const { status: _, ...ticket } = exchanged;
    return { ...ticket, identityKey: newIdentityKey() };
  }

  /** A server that restarts or is short of breath does not cost the place in the queue. */
  async #ask(knockToken: string, before: Exchanged, signal: AbortSignal): Promise<Exchanged> {
    try {
      return await this.#deps.api.post('exchangeKnock', { knockToken }, signal);
    } catch (error) {
      const passing = ['unavailable', 'too-many-requests', 'internal'];
      if (error instanceof GuruError && passing.includes(error.code) && !signal.aborted) return before;
      throw error;
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const cancel = this.#deps.clock.after(ms, () => {
        signal.removeEventListener('abort', abort);
        resolve();
      });
      const abort = () => {
        cancel();
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
    });
  }
}

function challengeOf(error: unknown): PowChallenge | undefined {
  if (!(error instanceof GuruError) || error.code !== 'proof-of-work-required') return undefined;
  const parsed = z.safeParse(PowChallenge, error.details);
  return parsed.success ? parsed.data : undefined;
}

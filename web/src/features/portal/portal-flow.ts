import { GuruError, type PortalConfig, PowChallenge, type PowSolution } from '@guruconnect/shared';
import { safeParse } from 'zod/mini';
import type { ApiClient } from '../../lib/api-client.ts';
import { describeError, retryAfterSeconds } from '../../lib/describe-error.ts';
import type { GuestSeat, SeatStore } from './guest-seat.ts';

export interface EntryProblem {
  text: string;
  /** Until when the server takes no further try. */
  retryAt?: number;
  /** Whether the digits are at fault, so that the boxes are marked. */
  isAboutCode: boolean;
}

export type PortalStep =
  | { step: 'entry'; problem?: EntryProblem; notice?: string }
  | { step: 'working'; doing: 'connecting' | 'issuing'; proving: boolean }
  | { step: 'seated'; seat: GuestSeat }
  | { step: 'refused' };

export interface PortalState {
  /** Undefined until the server has said what to show. */
  config: PortalConfig | undefined;
  current: PortalStep;
}

/** Everything between an empty code field and a seat in a session; an object outside React. */
export interface PortalFlow {
  getState(): PortalState;
  subscribe(listener: () => void): () => void;
  loadConfig(): Promise<void>;
  redeem(code: string): Promise<void>;
  /** Gets a code to read out (P6). */
  issue(): Promise<void>;
  /** The technician let this knocking tab in. */
  admit(guestToken: string): void;
  refuse(): void;
  startAgain(notice?: string): void;
}

/** A challenge may run out while it is being solved; more than this many is a fault. */
const MAX_PROOFS = 3;

export function createPortalFlow(deps: {
  api: ApiClient;
  seats: SeatStore;
  solve: (challenge: PowChallenge) => Promise<PowSolution>;
  now: () => number;
}): PortalFlow {
  const { api, seats } = deps;
  const listeners = new Set<() => void>();
  const seat = seats.load();
  let state: PortalState = {
    config: undefined,
    current: seat ? { step: 'seated', seat } : { step: 'entry' },
  };

  function set(change: Partial<PortalState>): void {
    state = { ...state, ...change };
    for (const listener of [...listeners]) listener();
  }
  function go(current: PortalStep): void {
    set({ current });
  }
  function takeSeat(next: GuestSeat): void {
    seats.save(next);
    go({ step: 'seated', seat: next });
  }

  /** Runs a call; when the server wants work first, does it and calls again. */
  async function withProof<T>(
    doing: 'connecting' | 'issuing',
    call: (proof?: PowSolution) => Promise<T>,
  ): Promise<T> {
    go({ step: 'working', doing, proving: false });
    let proof: PowSolution | undefined;
    for (let round = 0; ; round += 1) {
      try {
        return await call(proof);
      } catch (error) {
        const challenge = round < MAX_PROOFS ? challengeOf(error) : undefined;
        if (!challenge) throw error;
        go({ step: 'working', doing, proving: true });
        proof = await deps.solve(challenge);
      }
    }
  }
  function fail(error: unknown): void {
    go({ step: 'entry', problem: problemOf(error, deps.now()) });
  }

  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    loadConfig: async () => {
      try {
        set({ config: await api.call('portalConfig') });
      } catch (error) {
        if (state.current.step === 'entry' && !state.current.problem) fail(error);
      }
    },
    redeem: async (code) => {
      try {
        const reply = await withProof('connecting', (proof) =>
          api.call('redeemCode', { body: { code, ...(proof ? { proof } : {}) } }),
        );
        if (reply.status === 'joined') takeSeat({ kind: 'guest', token: reply.guestToken, code });
        else takeSeat({ kind: 'knock', token: reply.knockToken, code });
      } catch (error) {
        fail(error);
      }
    },
    issue: async () => {
      try {
        const reply = await withProof('issuing', (proof) =>
          api.call('issueCode', { body: proof ? { proof } : {} }),
        );
        takeSeat({ kind: 'guest', token: reply.guestToken, code: reply.code });
      } catch (error) {
        fail(error);
      }
    },
    admit: (guestToken) => {
      const code = state.current.step === 'seated' ? state.current.seat.code : null;
      takeSeat({ kind: 'guest', token: guestToken, code });
    },
    refuse: () => {
      seats.clear();
      go({ step: 'refused' });
    },
    startAgain: (notice) => {
      seats.clear();
      go({ step: 'entry', ...(notice ? { notice } : {}) });
    },
  };
}

function challengeOf(error: unknown): PowChallenge | undefined {
  if (!(error instanceof GuruError) || error.code !== 'proof-of-work-required') return undefined;
  const parsed = safeParse(PowChallenge, error.details);
  return parsed.success ? parsed.data : undefined;
}

function problemOf(error: unknown, now: number): EntryProblem {
  const text = describeError(error);
  if (!(error instanceof GuruError)) return { text, isAboutCode: false };
  if (error.code === 'too-many-requests') {
    return { text, retryAt: now + retryAfterSeconds(error) * 1000, isAboutCode: false };
  }
  return { text, isAboutCode: error.code === 'code-not-valid' };
}

import { randomInt } from 'node:crypto';
import { GuruError, type MachineInfo, type PowSolution } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import { newId } from '../core/secrets.ts';
import type { SessionRow } from '../db/schema/sessions.ts';
import type { CodeGate } from './gate/code-gate.ts';
import { knockTokenExpiry, newKnockToken } from './gate/knock-token.ts';
import type { Background } from './live/background.ts';
import type { Fanout } from './live/fanout.ts';
import type { SessionChanges } from './session-changes.ts';
import type { Recorder } from './session-recorder.ts';
import type { KnockStore } from './store/knock-store.ts';
import type { SessionStore } from './store/session-store.ts';
import type { TokenStore } from './store/token-store.ts';

/** A second agent waits so long for the technician. */
const SECOND_AGENT_MS = 10 * 60_000;
/** In knock mode the look-up comes after the answer, at a moment that says nothing: between these, in ms. */
const KNOCK_DELAY_MS = { from: 50, to: 250 };

/** Who knocks while so many others wait to be looked up is not heard. */
const MAX_PENDING = 2_000;

interface PendingKnock {
  readonly code: string;
  readonly token: string;
  readonly machine: MachineInfo | null;
  readonly address: string;
  readonly expiresAt: number;
}

export type GuestEntry =
  | { readonly status: 'joined'; readonly sessionId: string; readonly guestToken: string }
  | { readonly status: 'knocking'; readonly knockToken: string };

export type AgentEntry =
  | { readonly status: 'joined'; readonly sessionId: string; readonly sessionToken: string }
  | { readonly status: 'waiting'; readonly knockToken: string };

export interface CodeEntryDeps {
  readonly clock: Clock;
  readonly gate: CodeGate;
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly knocks: KnockStore;
  readonly changes: SessionChanges;
  readonly fanout: Fanout;
  readonly record: Recorder;
  readonly background: Background;
}

/**
 * The two ways in by six digits: the guest's and the agent's. Both stand behind the same gate. Wrong, cancelled,
 * expired and used codes do the same work before the same answer: one look-up; all else comes after it (P2).
 */
export class CodeEntry {
  readonly #deps: CodeEntryDeps;
  readonly #pending: PendingKnock[] = [];

  constructor(deps: CodeEntryDeps) {
    this.#deps = deps;
  }

  /** Joins as the session's guest. Throws `code-not-valid`, or what the gate throws. */
  async redeem(code: string, proof: PowSolution | undefined, address: string): Promise<GuestEntry> {
    const { gate, sessions, tokens, clock } = this.#deps;
    const verdict = await gate.pass(address, proof);
    if (verdict.kind === 'knock') {
      return { status: 'knocking', knockToken: this.#knockLater(code, null, address) };
    }
    const row = await sessions.findByActiveCode(code);
    if (!row || !isUsable(row, clock.now()) || row.state.guestJoined) throw this.#missed(address);
    const isIn = await this.#ifLegal(() =>
      this.#deps.changes.applyEvent(
        row.id,
        { type: 'guest-joined', at: clock.now() },
        { actor: 'guest', action: 'code.redeemed', address },
      ),
    );
    if (!isIn) throw this.#missed(address);
    verdict.hit();
    const guestToken = await tokens.issue({ kind: 'guest', sessionId: row.id }, clock.now());
    return { status: 'joined', sessionId: row.id, guestToken };
  }

  /** Takes the session's agent slot, or waits for the technician when another agent holds it. */
  async exchange(
    code: string,
    machine: MachineInfo,
    proof: PowSolution | undefined,
    address: string,
  ): Promise<AgentEntry> {
    const { gate, sessions, clock } = this.#deps;
    const verdict = await gate.pass(address, proof);
    if (verdict.kind === 'knock') {
      return { status: 'waiting', knockToken: this.#knockLater(code, machine, address) };
    }
    const row = await sessions.findByActiveCode(code);
    if (!row || !isUsable(row, clock.now())) throw this.#missed(address);
    const entry = await this.#attach(row.id, machine, address);
    if (entry) {
      verdict.hit();
      return entry;
    }
    const current = await sessions.find(row.id);
    if (!current || current.phase === 'ended') throw this.#missed(address);
    verdict.hit();
    const knockToken = newKnockToken(clock.now());
    const isHeard = await this.#knock(row.id, knockToken, machine, address, clock.now() + SECOND_AGENT_MS);
    if (!isHeard) throw GuruError.tooManyRequests(60);
    return { status: 'waiting', knockToken };
  }

  async #attach(sessionId: string, machine: MachineInfo, address: string): Promise<AgentEntry | undefined> {
    const { changes, tokens, clock } = this.#deps;
    const agentId = newId();
    const isIn = await this.#ifLegal(() =>
      changes.applyEvent(
        sessionId,
        { type: 'agent-attached', agentId, at: clock.now() },
        {
          actor: `agent:${agentId}`,
          action: 'agent.attached',
          address,
          details: { hostname: machine.hostname, user: machine.user, os: machine.osName },
        },
        { set: { machine, endpointAddress: address } },
      ),
    );
    if (!isIn) return undefined;
    const sessionToken = await tokens.issue({ kind: 'agent', sessionId, agentId }, clock.now());
    return { status: 'joined', sessionId, sessionToken };
  }

  /** Runs a change; false when the session's state forbids it. */
  async #ifLegal(change: () => Promise<SessionRow>): Promise<boolean> {
    try {
      await change();
      return true;
    } catch (error) {
      if (error instanceof GuruError && error.code === 'illegal-transition') return false;
      throw error;
    }
  }

  /** Notes a miss after the answer, alike for every kind of miss. */
  #missed(address: string): GuruError {
    this.#deps.background.run('recording a miss', () =>
      this.#deps.record({ actor: 'guest', action: 'code.missed', address }),
    );
    return GuruError.codeNotValid();
  }

  /** Knock mode: answers now, looks later. A right code rings at its technician's, a wrong one only waits. */
  #knockLater(code: string, machine: MachineInfo | null, address: string): string {
    const { clock, background } = this.#deps;
    const now = clock.now();
    const token = newKnockToken(now);
    if (this.#pending.length >= MAX_PENDING) return token;
    this.#pending.push({ code, token, machine, address, expiresAt: knockTokenExpiry(token, now) });
    if (this.#pending.length === 1) {
      const delayMs = randomInt(KNOCK_DELAY_MS.from, KNOCK_DELAY_MS.to);
      clock.after(delayMs, () => background.run('knocking', () => this.#knockAll()));
    }
    return token;
  }

  /** One look-up for all who knocked meanwhile: an attack in knock mode costs the database next to nothing. */
  async #knockAll(): Promise<void> {
    const { sessions, clock } = this.#deps;
    const pending = this.#pending.splice(0);
    const found = await sessions.findByActiveCodes(pending.map((one) => one.code));
    for (const { code, token, machine, address, expiresAt } of pending) {
      const row = found.get(code);
      if (!row || !isUsable(row, clock.now())) continue;
      if (machine === null && row.state.guestJoined) continue;
      await this.#knock(row.id, token, machine, address, expiresAt);
    }
  }

  async #knock(
    sessionId: string,
    token: string,
    machine: MachineInfo | null,
    address: string,
    expiresAt: number,
  ): Promise<boolean> {
    const { knocks, clock, fanout, record } = this.#deps;
    const isHeard = await knocks.add({ sessionId, token, machine, address, now: clock.now(), expiresAt });
    if (!isHeard) return false;
    fanout.sessionChanged(sessionId);
    const kind = machine === null ? 'guest' : 'agent';
    const details = { kind, hostname: machine?.hostname ?? null };
    await record({ actor: 'guest', action: 'knock.made', sessionId, address, details });
    return true;
  }
}

/** Whether the code still lets anybody in: an expiry counts until somebody joined, or until it is claimed. */
export function isUsable(row: SessionRow, now: number): boolean {
  return row.phase !== 'ended' && !hasCodeExpired(row, now);
}

/** Whether the session's code ran out unused. */
export function hasCodeExpired(row: SessionRow, now: number): boolean {
  if (row.codeExpiresAt === null || row.codeExpiresAt > now || row.phase === 'ended') return false;
  return row.phase === 'waiting' || (row.origin === 'portal' && row.ownerId === null);
}

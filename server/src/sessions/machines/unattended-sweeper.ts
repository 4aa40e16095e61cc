import { GuruError, type Participant } from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/ports.ts';
import type { SessionRow } from '../../db/schema/sessions.ts';
import type { Background } from '../live/background.ts';
import type { OnlinePeople } from '../live/online-people.ts';
import type { SessionPresence } from '../live/session-presence.ts';
import type { SessionChanges } from '../session-changes.ts';
import type { SessionEnder } from '../session-ender.ts';
import type { MachineSessionStore } from '../store/machine-session-store.ts';
import { defaultAnswer } from './default-answer.ts';
import type { HostStarter } from './host-starter.ts';
import type { MachineTimings } from './machine-timings.ts';

export interface UnattendedSweeperDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly machineSessions: MachineSessionStore;
  readonly starter: HostStarter;
  readonly presence: SessionPresence;
  readonly online: OnlinePeople;
  readonly changes: SessionChanges;
  readonly ender: SessionEnder;
  readonly background: Background;
  readonly timings: MachineTimings;
}

/**
 * Ends sessions on machines that nobody needs: their host never came, or nobody looks any more. Answers for people who
 * were asked and did not answer in time, where their agent does not do so.
 */
export class UnattendedSweeper {
  readonly #deps: UnattendedSweeperDeps;
  /** Since when nobody has been at a session. */
  readonly #emptySince = new Map<string, number>();
  readonly #stop: () => void;
  #isRunning = false;

  constructor(deps: UnattendedSweeperDeps) {
    this.#deps = deps;
    deps.changes.onCommitted((row, before) => this.#onCommitted(row, before));
    this.#stop = deps.clock.every(deps.timings.sweepMs, () =>
      deps.background.run('sweeping sessions on machines', () => this.sweep()),
    );
  }

  close(): void {
    this.#stop();
  }

  /** One round; a round that still runs is not doubled. */
  async sweep(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      const rows = await this.#deps.machineSessions.listActive();
      const ids = new Set(rows.map((row) => row.id));
      for (const id of this.#emptySince.keys()) if (!ids.has(id)) this.#emptySince.delete(id);
      for (const row of rows) await this.#settle(row);
    } finally {
      this.#isRunning = false;
    }
  }

  /** The last one left: nobody is kept waiting for a session that serves nobody. */
  async #onCommitted(row: SessionRow, before: SessionRow): Promise<void> {
    if (row.machineId === null || row.phase !== 'open') return;
    if (before.state.participants.length === 0 || row.state.participants.length > 0) return;
    const { clock, timings, background } = this.#deps;
    clock.after(timings.leaveMs, () =>
      background.run('ending a session that everybody left', () =>
        this.#endIf(row.id, 'nobody-left', (now) => now.state.participants.length === 0),
      ),
    );
  }

  async #settle(row: SessionRow): Promise<void> {
    const { starter, clock, timings } = this.#deps;
    if (starter.isOverdue(row)) {
      await this.#endIf(row.id, 'agent-stopped', (now) => now.phase === 'waiting');
      return;
    }
    if (row.phase !== 'open') return;
    await this.#answerInTheirPlace(row);
    if (this.#isSomebodyThere(row)) {
      this.#emptySince.delete(row.id);
      return;
    }
    const since = this.#emptySince.get(row.id) ?? clock.now();
    this.#emptySince.set(row.id, since);
    if (clock.now() - since < timings.emptyMs) return;
    await this.#endIf(row.id, 'nobody-left', (now) => !this.#isSomebodyThere(now));
  }

  /**
   * A viewer shows the machine; or somebody paused, who wants to come back; or somebody waits at an open page for the
   * answer to their question, or for the machine to be back.
   */
  #isSomebodyThere({ id, state }: SessionRow): boolean {
    const { presence, online } = this.#deps;
    // A viewer of a machine that is away shows nothing, and nobody would tell that it closed.
    const isAway = state.endpoint.kind !== 'agent';
    return state.participants.some(({ id: participantId, grant, userId }) => {
      if (grant.status === 'paused') return true;
      if (isAway || grant.status === 'asked') return online.isOnline(userId);
      return presence.isViewing(id, participantId);
    });
  }

  /** The agent answers by itself when time is over. Where it does not, its company's default counts all the same. */
  async #answerInTheirPlace(row: SessionRow): Promise<void> {
    const { clock, timings, changes } = this.#deps;
    const { consentPolicy: policy, state } = row;
    // Nobody can have been asked while the agent was away.
    if (policy?.kind !== 'ask' || state.endpoint.kind !== 'agent') return;
    const askedBefore = clock.now() - policy.timeoutSeconds * 1_000 - timings.consentGraceMs;
    if (state.endpoint.since > askedBefore) return;
    for (const { id: participantId, grant } of state.participants) {
      if (grant.status !== 'asked' || grant.since > askedBefore) continue;
      const answer = defaultAnswer(row, participantId);
      if (answer === undefined) continue;
      const details = { participantId, answer, byTimeout: true, at: 'server' };
      const event = { type: 'consent-answered', participantId, answer, at: clock.now() } as const;
      await this.#unlessOvertaken(row.id, () =>
        changes.applyEvent(
          row.id,
          event,
          { actor: 'server', action: 'consent.answered', details },
          {
            guard: (now) => {
              const asked = now.state.participants.find((one) => one.id === participantId);
              if (!asked || isNewer(asked, grant.since))
                throw GuruError.illegalTransition('It was asked anew.');
            },
          },
        ),
      );
    }
  }

  /** Reads once more before anything stops at the machine. */
  async #endIf(
    sessionId: string,
    reason: 'agent-stopped' | 'nobody-left',
    isStillSo: (row: SessionRow) => boolean,
  ): Promise<void> {
    const { machineSessions, ender } = this.#deps;
    const row = await machineSessions.find(sessionId);
    if (!row || row.phase === 'ended' || !isStillSo(row)) return;
    await this.#unlessOvertaken(sessionId, () => ender.end(sessionId, { reason, actor: 'server' }));
  }

  async #unlessOvertaken(sessionId: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof GuruError)) throw error;
      this.#deps.log.debug({ sessionId, code: error.code }, 'a session was settled by somebody else');
    }
  }
}

function isNewer({ grant }: Participant, since: number): boolean {
  return grant.since > since;
}

import { type DeploymentSettings, type EndReason, GuruError } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { Log, Settings } from '../core/ports.ts';
import type { SessionRow } from '../db/schema/sessions.ts';
import { hasCodeExpired } from './code-entry.ts';
import type { CodeGate } from './gate/code-gate.ts';
import type { KnockDesk } from './knock-desk.ts';
import type { Background } from './live/background.ts';
import type { LostAgents } from './lost-agents.ts';
import type { SessionEnder } from './session-ender.ts';
import type { SessionStore } from './store/session-store.ts';

export const SWEEP_MS = 2_000;
const MINUTE_MS = 60_000;

export interface SessionSweeperDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  readonly sessions: SessionStore;
  readonly ender: SessionEnder;
  readonly desk: KnockDesk;
  readonly gate: CodeGate;
  readonly lostAgents: LostAgents;
  readonly lastInputAt: (sessionId: string) => number;
  readonly background: Background;
}

/** Ends what has run its time: codes, idle and overlong sessions, waits at the door, absent agents. */
export class SessionSweeper {
  readonly #deps: SessionSweeperDeps;
  readonly #stop: () => void;
  #isRunning = false;

  constructor(deps: SessionSweeperDeps) {
    this.#deps = deps;
    this.#stop = deps.clock.every(SWEEP_MS, () =>
      deps.background.run('sweeping sessions', () => this.sweep()),
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
      await this.#deps.desk.expire();
      // Says so in the audit log when an attack is over.
      this.#deps.gate.mode();
      for (const row of await this.#deps.sessions.listDue(this.#limits())) await this.#settle(row);
    } finally {
      this.#isRunning = false;
    }
  }

  async #settle(row: SessionRow): Promise<void> {
    const { settings, clock, ender, lostAgents, lastInputAt, log } = this.#deps;
    const reason = dueReason(row, settings.current(), clock.now(), lastInputAt(row.id));
    const absent = lostAgents.absentAgentOf(row);
    try {
      if (reason) await ender.end(row.id, { reason, actor: 'server' });
      else if (absent) await lostAgents.lose(row.id, absent);
    } catch (error) {
      if (!(error instanceof GuruError)) throw error;
      log.debug({ sessionId: row.id, code: error.code }, 'a session was settled by somebody else');
    }
  }

  #limits(): { now: number; idleSince: number | null; openedBefore: number | null } {
    const now = this.#deps.clock.now();
    const { sessionIdleMinutes, sessionMaximumMinutes } = this.#deps.settings.current();
    return {
      now,
      idleSince: sessionIdleMinutes === null ? null : now - sessionIdleMinutes * MINUTE_MS,
      openedBefore: sessionMaximumMinutes === null ? null : now - sessionMaximumMinutes * MINUTE_MS,
    };
  }
}

/** Why a session must end now by the deployment's limits; undefined when it may go on. */
export function dueReason(
  row: SessionRow,
  settings: Pick<DeploymentSettings, 'sessionIdleMinutes' | 'sessionMaximumMinutes'>,
  now: number,
  lastInputAt: number,
): EndReason | undefined {
  if (hasCodeExpired(row, now)) return 'code-expired';
  const { lifecycle } = row.state;
  if (lifecycle.phase !== 'open') return undefined;
  const { sessionIdleMinutes: idle, sessionMaximumMinutes: maximum } = settings;
  if (maximum !== null && now - lifecycle.openedAt >= maximum * MINUTE_MS) return 'maximum-duration';
  const lastUse = Math.max(row.lastActiveAt, lastInputAt);
  if (idle !== null && now - lastUse >= idle * MINUTE_MS) return 'idle-timeout';
  return undefined;
}

import { AGENT_LOST_MS } from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';

const CHECK_MS = 500;
/** Use of a session is stored in steps of this; the exact time is kept in memory. */
const STORE_STEP_MS = 5_000;

interface Link {
  readonly sessionId: string;
  readonly agentId: string;
  readonly drop: () => void;
  heardAt: number;
}

/** Watches the beats of connected agents, and drops those that fell silent. */
export class AgentLinks {
  readonly #clock: Clock;
  readonly #markActive: (sessionId: string, at: number) => void;
  /** By connection. */
  readonly #links = new Map<string, Link>();
  /** Newest input of a technician by session, with what of it is stored. */
  readonly #activity = new Map<string, { at: number; storedAt: number }>();
  readonly #stop: () => void;

  constructor(deps: { clock: Clock; markActive: (sessionId: string, at: number) => void }) {
    this.#clock = deps.clock;
    this.#markActive = deps.markActive;
    this.#stop = deps.clock.every(CHECK_MS, () => this.#dropSilent());
  }

  /** Drops an older connection of the same agent: the newest is the one that works. */
  add(connectionId: string, link: { sessionId: string; agentId: string; drop: () => void }): void {
    for (const [otherId, other] of this.#links) {
      if (other.agentId === link.agentId && otherId !== connectionId) {
        this.#links.delete(otherId);
        other.drop();
      }
    }
    this.#links.set(connectionId, { ...link, heardAt: this.#clock.now() });
  }

  heard(connectionId: string): void {
    const link = this.#links.get(connectionId);
    if (link) link.heardAt = this.#clock.now();
  }

  /** A beat tells how long ago a technician last did something. */
  beat(sessionId: string, idleMs: number): void {
    const at = this.#clock.now() - idleMs;
    const known = this.#activity.get(sessionId);
    const storedAt = known?.storedAt ?? 0;
    if (known && at <= known.at) return;
    const isStep = at - storedAt >= STORE_STEP_MS;
    this.#activity.set(sessionId, { at, storedAt: isStep ? at : storedAt });
    if (isStep) this.#markActive(sessionId, at);
  }

  /** When a technician last did something in the session, as its agent tells; 0 if it never told. */
  lastInputAt(sessionId: string): number {
    return this.#activity.get(sessionId)?.at ?? 0;
  }

  remove(connectionId: string): void {
    const link = this.#links.get(connectionId);
    this.#links.delete(connectionId);
    if (link && ![...this.#links.values()].some((other) => other.sessionId === link.sessionId)) {
      this.#activity.delete(link.sessionId);
    }
  }

  close(): void {
    this.#stop();
  }

  #dropSilent(): void {
    const now = this.#clock.now();
    for (const link of [...this.#links.values()]) if (now - link.heardAt > AGENT_LOST_MS) link.drop();
  }
}

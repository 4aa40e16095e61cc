import { type Actor, may } from '@guruconnect/shared';
import type { MachineActivity, MachineFeed, MachineSessions } from '../../core/machine-ports.ts';
import type { SessionPresence } from '../live/session-presence.ts';
import type { SessionSnapshot } from '../views/session-snapshot.ts';

interface Known {
  readonly snapshot: SessionSnapshot;
  /** What was told of it last. */
  readonly told: string;
}

const NOTHING: MachineActivity = { hosts: [], sessionId: null };

/**
 * Who is on which machine now, for lists of thousands of machines: from memory. It is brought up to date whenever a
 * session is shown to anybody.
 */
export class MachineActivityIndex implements Pick<MachineSessions, 'activityOf' | 'hosted'> {
  readonly #presence: SessionPresence;
  readonly #feed: MachineFeed;
  /** By machine. */
  readonly #known = new Map<string, Known>();

  constructor(deps: { presence: SessionPresence; machineFeed: MachineFeed }) {
    this.#presence = deps.presence;
    this.#feed = deps.machineFeed;
  }

  /** Tells whoever shows the machine when its hosts, its session or who may see that changed. */
  note(snapshot: SessionSnapshot): void {
    const { machineId, id, phase } = snapshot.row;
    if (machineId === null) return;
    const before = this.#known.get(machineId);
    if (phase === 'ended') {
      if (before?.snapshot.row.id !== id) return;
      this.#known.delete(machineId);
    } else {
      const told = JSON.stringify([id, this.#hostsOf(snapshot), snapshot.target]);
      if (before?.told === told) {
        this.#known.set(machineId, { snapshot, told });
        return;
      }
      this.#known.set(machineId, { snapshot, told });
    }
    this.#feed.changed([machineId]);
  }

  hasSession(machineId: string): boolean {
    return this.#known.has(machineId);
  }

  activityOf(machineId: string, actor?: Actor): MachineActivity {
    const snapshot = this.#known.get(machineId)?.snapshot;
    if (!snapshot || (actor && !may(actor, 'session:see', snapshot.target))) return NOTHING;
    return { hosts: this.#hostsOf(snapshot), sessionId: snapshot.row.id };
  }

  hosted(): ReadonlySet<string> {
    const hosted = [...this.#known].filter(([, { snapshot }]) => this.#hostsOf(snapshot).length > 0);
    return new Set(hosted.map(([machineId]) => machineId));
  }

  #hostsOf({ row }: SessionSnapshot): MachineActivity['hosts'] {
    return row.state.participants
      .filter((one) => this.#presence.isViewing(row.id, one.id))
      .map(({ userId, name }) => ({ userId, name }));
  }
}

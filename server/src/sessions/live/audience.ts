import { type Actor, isInScope, may, type SessionView, serverToConsole, tell } from '@guruconnect/shared';
import type { Socket } from 'socket.io';
import type { Clock } from '../../core/clock.ts';
import type { Login, Settings } from '../../core/ports.ts';
import type { SessionRow } from '../../db/schema/sessions.ts';
import type { MachineActivityIndex } from '../machines/machine-activity-index.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { SessionSnapshot, SnapshotReader } from '../views/session-snapshot.ts';
import { agentViewOf, guestViewOf, sessionViewFor } from '../views/session-views.ts';
import type { Background } from './background.ts';
import type { Fanout } from './fanout.ts';
import type { AgentMessenger, GuestMessenger } from './messengers.ts';
import type { SessionPresence } from './session-presence.ts';

/** More sessions than this at once are not shown in a list; the newest are. */
const MAX_SHOWN = 1_000;

interface Watcher {
  readonly socket: Pick<Socket, 'emit'>;
  readonly actor: Actor;
  /** Sessions this page shows: told when one must disappear. */
  readonly shown: Set<string>;
  /** Those of them that the person takes part in. */
  readonly joined: Set<string>;
}

export interface AudienceDeps {
  readonly clock: Clock;
  readonly sessions: SessionStore;
  readonly snapshots: SnapshotReader;
  readonly presence: SessionPresence;
  readonly agents: AgentMessenger;
  readonly guests: GuestMessenger;
  readonly settings: Settings;
  readonly activity: Pick<MachineActivityIndex, 'note'>;
  readonly fanout: Fanout;
  readonly background: Background;
}

/** Shows each session to everybody concerned, each as they may see it, whenever something of it changes. */
export class Audience {
  readonly #deps: AudienceDeps;
  /** Pages connected to this process that watch, by connection. */
  readonly #watchers = new Map<string, Watcher>();
  /** Sessions being shown now; true when they changed again meanwhile. */
  readonly #showing = new Map<string, boolean>();
  readonly #unsubscribe: () => void;

  constructor(deps: AudienceDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.fanout.onSessionChanged((sessionId) => this.#show(sessionId));
  }

  /** Starts the stream for a page; returns everything that the person may see now. */
  async enter(socket: Socket, login: Login): Promise<SessionView[]> {
    // Watches before it reads, so that no change falls between; a stale view is told by its version.
    const watcher: Watcher = { socket, actor: login.actor, shown: new Set(), joined: new Set() };
    this.#watchers.set(socket.id, watcher);
    const rows = await this.#deps.sessions.listActive(MAX_SHOWN);
    const snapshots = await this.#deps.snapshots.read(rows, this.#deps.clock.now());
    const visible = snapshots.filter((snapshot) => may(login.actor, 'session:see', snapshot.target));
    for (const { row } of visible) note(watcher, row);
    return visible.map((snapshot) => sessionViewFor(snapshot, login.actor, this.#deps.presence));
  }

  leave(connectionId: string): void {
    this.#watchers.delete(connectionId);
  }

  close(): void {
    this.#unsubscribe();
  }

  /** One session at a time is shown once: what changes meanwhile is shown right after. */
  #show(sessionId: string): void {
    if (this.#showing.has(sessionId)) {
      this.#showing.set(sessionId, true);
      return;
    }
    this.#showing.set(sessionId, false);
    this.#deps.background.run('showing a session', () =>
      this.#showOnce(sessionId).finally(() => {
        const changedAgain = this.#showing.get(sessionId) === true;
        this.#showing.delete(sessionId);
        if (changedAgain) this.#show(sessionId);
      }),
    );
  }

  async #showOnce(sessionId: string): Promise<void> {
    const row = await this.#deps.sessions.find(sessionId);
    if (!row) return;
    const snapshot = await this.#deps.snapshots.readOne(row, this.#deps.clock.now());
    const { presence, guests, agents, activity } = this.#deps;
    activity.note(snapshot);
    const { companyName } = this.#deps.settings.current();
    guests.tellPanels(sessionId, 'guest:changed', guestViewOf(snapshot, companyName, presence));
    const agentId = row.phase === 'ended' ? undefined : presence.agentOf(sessionId);
    if (agentId) agents.tell(agentId, 'session:changed', agentViewOf(snapshot, companyName, presence));
    for (const watcher of this.#watchers.values()) this.#showTo(watcher, snapshot);
  }

  #showTo(watcher: Watcher, snapshot: SessionSnapshot): void {
    const { socket, actor, shown, joined } = watcher;
    const { id, phase } = snapshot.row;
    const isEnded = phase === 'ended';
    const mayStay = may(actor, 'session:see', snapshot.target);
    // Whoever handed it over and looked on until its end learns that it ended, before it is gone for them.
    const { company } = snapshot.target;
    const isReached = company === null || isInScope(actor, company);
    if (mayStay || (isEnded && isReached && joined.has(id))) {
      tell(socket, serverToConsole, 'session:changed', sessionViewFor(snapshot, actor, this.#deps.presence));
    }
    if (mayStay) note(watcher, snapshot.row);
    else {
      joined.delete(id);
      if (shown.delete(id)) tell(socket, serverToConsole, 'session:removed', { sessionId: id });
    }
    if (isEnded) forget(watcher, id);
  }
}

function note({ actor, shown, joined }: Watcher, { id, state }: SessionRow): void {
  shown.add(id);
  if (state.participants.some(({ userId }) => userId === actor.userId)) joined.add(id);
  else joined.delete(id);
}

function forget({ shown, joined }: Watcher, sessionId: string): void {
  shown.delete(sessionId);
  joined.delete(sessionId);
}

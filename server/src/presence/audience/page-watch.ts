import { type EventName, type GroupCount, type Payload, serverToConsole, tell } from '@guruconnect/shared';
import type { Socket } from 'socket.io';
import type { Login } from '../../core/ports.ts';

type Scope = 'all' | ReadonlySet<string>;

/** One page that watches machines: what it shows, and what it must be told next. */
export class PageWatch {
  readonly login: Login;
  /** Changes of these are told. */
  machineIds: ReadonlySet<string> = new Set();
  /** Those of them that the page was shown: of others it must not even learn that they are gone. */
  readonly shown = new Set<string>();
  /** Changed since they were told. */
  readonly stale = new Set<string>();
  /** Removed since they were told. */
  readonly removed = new Set<string>();
  wantsCounts = false;
  /** As they were told last; undefined before the first time. */
  counts: ReadonlyMap<string, GroupCount> | undefined;
  /** What the person reached when that was looked at last. */
  scope: Scope;
  /** Companies that came into reach since. */
  readonly gained = new Set<string>();
  readonly #socket: Socket;

  constructor(socket: Socket, login: Login, scope: Scope) {
    this.#socket = socket;
    this.login = login;
    this.scope = scope;
  }

  get isConnected(): boolean {
    return this.#socket.connected;
  }

  /** Whether what was sent before is still on its way: a slow page is told the newest state later, not every one. */
  get isBusy(): boolean {
    return !this.#socket.conn.transport.writable;
  }

  tell<N extends EventName<typeof serverToConsole>>(
    name: N,
    payload: Payload<typeof serverToConsole, N>,
  ): void {
    tell(this.#socket, serverToConsole, name, payload);
  }

  /** Takes note of what the person reaches now that the company has changed. */
  rescope(scope: Scope, companyId: string): void {
    const { scope: before } = this;
    this.scope = scope;
    if (reaches(scope, companyId) && !reaches(before, companyId)) this.gained.add(companyId);
  }

  /** Takes what is to be told, so that changes from now on count for the next time. */
  takeStale(): { ids: string[]; removed: ReadonlySet<string> } {
    const taken = { ids: [...this.stale], removed: new Set(this.removed) };
    this.stale.clear();
    this.removed.clear();
    return taken;
  }
}

function reaches(scope: Scope, companyId: string): boolean {
  return scope === 'all' || scope.has(companyId);
}

import { may, serverToConsole, tell } from '@guruconnect/shared';
import type { Socket } from 'socket.io';
import type { Companies } from '../../core/machine-ports.ts';
import type { Login, Logins } from '../../core/ports.ts';
import type { SupportNews } from '../../core/support-news.ts';

export interface RequestWatchersDeps {
  readonly companies: Companies;
  readonly logins: Logins;
  readonly supportNews: Pick<SupportNews, 'onChanged'>;
}

/** Tells every open page that requests for help of machines in its person's scope came or were closed (U2). */
export class RequestWatchers {
  readonly #deps: RequestWatchersDeps;
  readonly #pages = new Map<string, { readonly socket: Socket; readonly login: Login }>();
  readonly #stops: (() => void)[];

  constructor(deps: RequestWatchersDeps) {
    this.#deps = deps;
    this.#stops = [
      deps.supportNews.onChanged((companyId) => this.#tell(companyId)),
      deps.logins.onEnded(({ loginId }) => this.#end(loginId)),
    ];
  }

  enter(socket: Socket, login: Login): void {
    this.#pages.set(socket.id, { socket, login });
  }

  leave(connectionId: string): void {
    this.#pages.delete(connectionId);
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #tell(companyId: string): void {
    const company = this.#deps.companies.find(companyId);
    if (!company) return;
    for (const { socket, login } of this.#pages.values()) {
      if (!socket.connected || !may(login.actor, 'machine:see', company)) continue;
      tell(socket, serverToConsole, 'requests:changed', {});
    }
  }

  #end(loginId: string): void {
    for (const [connectionId, { login }] of this.#pages) {
      if (login.loginId === loginId) this.#pages.delete(connectionId);
    }
  }
}

import type { Companies, MachineFeed } from '../../core/machine-ports.ts';
import type { SessionRow } from '../../db/schema/sessions.ts';
import type { Background } from '../live/background.ts';
import type { Fanout } from '../live/fanout.ts';
import type { MachineSessionStore } from '../store/machine-session-store.ts';
import type { Strangers } from '../strangers.ts';
import type { MachineActivityIndex } from './machine-activity-index.ts';

export interface ScopeWatchDeps {
  readonly companies: Pick<Companies, 'onChanged'>;
  readonly machineFeed: MachineFeed;
  readonly machineSessions: MachineSessionStore;
  readonly activity: Pick<MachineActivityIndex, 'hasSession'>;
  readonly strangers: Strangers;
  readonly fanout: Fanout;
  readonly background: Background;
}

/** When it changes who reaches a machine, its sessions follow: who lost the right is cut and shown it no more. */
export class ScopeWatch {
  readonly #deps: ScopeWatchDeps;
  readonly #stops: readonly (() => void)[];

  constructor(deps: ScopeWatchDeps) {
    this.#deps = deps;
    const { companies, machineFeed, machineSessions, background } = deps;
    const settleLater = (read: () => Promise<readonly SessionRow[]>) =>
      background.run('following a change of scope', async () => {
        for (const row of await read()) await this.#settle(row);
      });
    this.#stops = [
      companies.onChanged((companyId) => settleLater(() => machineSessions.listActiveOfCompany(companyId))),
      machineFeed.onChanged((machineIds, kind) => {
        // Moved to another company, brought back or removed; what changes otherwise moves no scope.
        if (kind === 'changed') return;
        for (const machineId of machineIds) {
          if (deps.activity.hasSession(machineId)) settleLater(() => this.#activeOf(machineId));
        }
      }),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  async #activeOf(machineId: string): Promise<SessionRow[]> {
    const row = await this.#deps.machineSessions.findActive(machineId);
    return row ? [row] : [];
  }

  async #settle(row: SessionRow): Promise<void> {
    await this.#deps.strangers.sendAway(row, 'server');
    this.#deps.fanout.sessionChanged(row.id);
  }
}

import type { Actor } from '@guruconnect/shared';
import type { MachineSearchDeps, MachineSearchFeature } from '../core/machine-features.ts';
import { DeltaFolder } from './counts/delta-folder.ts';
import { GroupCounter } from './counts/group-counter.ts';
import { NightlyCheck } from './counts/nightly-check.ts';
import { createFilterHandlers, noSuchFilter } from './filters/filter-handlers.ts';
import { FilterStore } from './filters/filter-store.ts';
import { suggestLabels } from './label-suggester.ts';
import { findMachine } from './machine-finder.ts';
import { MachineLister } from './machine-lister.ts';
import { SearchContexts } from './search-context.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Finding machines: the query language, groups with their counts, saved filters (A1-A4). */
export async function createMachineSearchFeature(deps: MachineSearchDeps): Promise<MachineSearchFeature> {
  const { db, clock, audit } = deps;
  const contexts = new SearchContexts(deps);
  const store = new FilterStore(db);
  const filterQuery = async (actor: Actor, filterId: string) => {
    const filter = UUID.test(filterId) ? await store.find(actor, filterId) : undefined;
    if (!filter) throw noSuchFilter();
    return filter.query;
  };
  const pinnedBy = async (actor: Actor) => (await store.visibleTo(actor)).filter((filter) => filter.pinned);
  const lister = new MachineLister({ ...deps, contexts, filterQuery });
  const counter = new GroupCounter({ ...deps, contexts, pinnedBy });
  const folder = new DeltaFolder(deps);
  const check = new NightlyCheck(deps);
  return {
    handlers: {
      listMachines: ({ query, login }) => lister.page(login.actor, query),
      countMachines: async ({ login }) => ({ counts: await counter.countsFor(login.actor) }),
      suggestLabels: async ({ query, login }) => ({
        values: await suggestLabels({ ...deps, contexts, counter }, login.actor, query),
      }),
      findMachine: async ({ query, login }) => ({
        machineId: await findMachine({ db, contexts }, login.actor, query),
      }),
      ...createFilterHandlers({ store, clock, audit }),
    },
    countsFor: ({ actor }) => counter.countsFor(actor),
    close: async () => {
      counter.close();
      await check.close();
      await folder.close();
    },
  };
}

import { type Actor, GuruError, may, type SavedFilterView } from '@guruconnect/shared';
import type { ApiHandlers } from '../../core/api-handlers.ts';
import type { Clock } from '../../core/clock.ts';
import type { AuditLog } from '../../core/ports.ts';
import { newId } from '../../core/secrets.ts';
import { parseOrRefuse } from '../parse-or-refuse.ts';
import type { FilterRecord, FilterStore } from './filter-store.ts';

type Handlers = Pick<ApiHandlers, 'listFilters' | 'createFilter' | 'changeFilter' | 'deleteFilter'>;
type Shared = SavedFilterView['shared'];

const MAX_FILTERS = 200;

interface FilterDeps {
  readonly store: FilterStore;
  readonly clock: Clock;
  readonly audit: AuditLog;
}

/** Saved filters (A3). What others see of them, or stop seeing, is in the audit log. */
export function createFilterHandlers(deps: FilterDeps): Handlers {
  const { store, clock } = deps;
  const note = createNote(deps.audit);
  return {
    listFilters: async ({ login }) => {
      const filters = await store.visibleTo(login.actor);
      return { filters: filters.map((filter) => viewOf(login.actor, filter)) };
    },
    createFilter: async ({ body, login, address }) => {
      const { name, query, shared, pinned } = body;
      parseOrRefuse(query);
      requireShare(login.actor, shared);
      if ((await store.countOf(login.userId)) >= MAX_FILTERS) {
        throw GuruError.conflict(`You have ${MAX_FILTERS} filters already. Delete some first.`);
      }
      const filterId = newId();
      const createdAt = clock.now();
      await store.insert({ id: filterId, ownerId: login.userId, name, query, shared, createdAt });
      if (pinned) await store.pin(filterId, login.userId, true);
      if (shared !== 'none') {
        await note(login.userId, address, 'filter.shared', { filterId, name, query, shared });
      }
      return viewOf(login.actor, await require(store, login.actor, filterId));
    },
    changeFilter: async ({ params, body, login, address }) => {
      const { pinned, name, query, shared } = body;
      const before = await require(store, login.actor, params.filterId);
      const change = {
        ...(name === undefined ? {} : { name }),
        ...(query === undefined ? {} : { query }),
        ...(shared === undefined ? {} : { shared }),
      };
      if (Object.keys(change).length > 0) {
        requireOwn(login.actor, before);
        if (query !== undefined) parseOrRefuse(query);
        if (shared !== undefined && shared !== before.shared) requireShare(login.actor, shared);
        await store.change(params.filterId, change);
        const after = { ...before, ...change };
        if (before.shared !== 'none' || after.shared !== 'none') {
          const { filterId } = params;
          await note(login.userId, address, actionOf(before.shared, after.shared), { filterId, ...change });
        }
      }
      if (pinned !== undefined) await store.pin(params.filterId, login.userId, pinned);
      const after = await store.find(login.actor, params.filterId);
      // An administrator who takes a filter of somebody else out of sight does not see it any more either.
      return viewOf(login.actor, after ?? { ...before, ...change, pinned: pinned ?? before.pinned });
    },
    deleteFilter: async ({ params, login, address }) => {
      const filter = await require(store, login.actor, params.filterId);
      requireOwn(login.actor, filter);
      await store.delete(params.filterId);
      if (filter.shared !== 'none') {
        const { filterId, name, ownerId } = filter;
        await note(login.userId, address, 'filter.deleted', { filterId, name, ownerId });
      }
      return {};
    },
  };
}

function createNote(audit: AuditLog) {
  return (userId: string, address: string, action: string, details: Record<string, unknown>) =>
    audit.append({ actor: `user:${userId}`, action, address, details });
}

function actionOf(before: Shared, after: Shared): string {
  if (after === 'none') return 'filter.unshared';
  return before === after ? 'filter.changed' : 'filter.shared';
}

/** The answer for filters that are not there and for those that are hidden from whoever asks. */
export function noSuchFilter(): GuruError {
  return GuruError.notFound('This filter');
}

async function require(store: FilterStore, actor: Actor, filterId: string): Promise<FilterRecord> {
  const filter = await store.find(actor, filterId);
  if (!filter) throw noSuchFilter();
  return filter;
}

function requireOwn(actor: Actor, filter: FilterRecord): void {
  if (!may(actor, 'filter:change', filter)) throw GuruError.notAllowed('change a filter of somebody else');
}

function requireShare(actor: Actor, shared: Shared): void {
  if (shared === 'company' && !may(actor, 'filter:share', null)) {
    throw GuruError.notAllowed('share a filter with everybody');
  }
  if (shared === 'team' && actor.teamId === null) {
    throw GuruError.conflict('You are in no team to share it with.');
  }
}

function viewOf(actor: Actor, filter: FilterRecord): SavedFilterView {
  const { filterId, name, query, shared, ownerId, ownerName, pinned, createdAt } = filter;
  const owner = { userId: ownerId, name: ownerName };
  return {
    filterId,
    name,
    query,
    shared,
    owner,
    pinned,
    mayChange: may(actor, 'filter:change', filter),
    createdAt,
  };
}

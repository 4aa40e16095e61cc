import * as z from 'zod/mini';
import { Id } from '../ids.ts';
import { Label, PropertyKey, PropertyValue, Tag, Tags } from '../machines/machine-labels.ts';
import { MAX_QUERY_LENGTH } from '../machines/machine-query.ts';
import {
  GroupCount,
  GroupKey,
  MachineDetails,
  MachineRow,
  MachineSortKey,
} from '../machines/machine-view.ts';
import { NewSavedFilter, SavedFilterView } from '../machines/saved-filter.ts';
import { SessionView } from '../session/session-view.ts';
import type { ApiRoute } from './api-route.ts';

const Done = z.object({});
const QueryText = z.string().check(z.maxLength(MAX_QUERY_LENGTH));
const MAX_BULK = 1_000;

/** Machines: found, seen, changed, reached (A1-A8). Whoever may not see a machine gets the same answer as for none. */
export const machineRoutes = {
  listMachines: {
    method: 'GET',
    path: '/machines',
    summary: 'Machines that I may see, by query and group, a window of the sorted list',
    tag: 'Machines',
    auth: 'login',
    permission: null,
    query: z.object({
      /** In the language of the search field; refused with `invalid-message` and `details.problem` when it is none. */
      query: z.optional(QueryText),
      group: z.optional(GroupKey),
      sort: z.optional(MachineSortKey),
      direction: z.optional(z.enum(['up', 'down'])),
      offset: z.optional(z.coerce.number().check(z.int(), z.gte(0), z.lte(1_000_000))),
      limit: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(200))),
      /** `quick` does not wait until very many are counted: the total may then be less than there are. */
      count: z.optional(z.enum(['exact', 'quick'])),
    }),
    reply: z.object({
      machines: z.array(MachineRow),
      total: z.int(),
      /** False where there are more than `total`. */
      isTotalExact: z.boolean(),
      offset: z.int(),
    }),
  },
  countMachines: {
    method: 'GET',
    path: '/machines/counts',
    summary: 'How many machines each group of the sidebar has',
    tag: 'Machines',
    auth: 'login',
    permission: null,
    reply: z.object({ counts: z.array(GroupCount) }),
  },
  suggestLabels: {
    method: 'GET',
    path: '/machines/suggestions',
    summary: 'Values that a label has on machines I may see, the most used first',
    tag: 'Machines',
    auth: 'login',
    permission: null,
    query: z.object({
      label: z.enum(['company', 'site', 'department', 'deviceType', 'tag', 'os', 'user', 'version']),
      prefix: z.optional(z.string().check(z.maxLength(80))),
    }),
    reply: z.object({ values: z.array(z.string()) }),
  },
  /** For links of other programs: finds the one machine that is meant (I1). */
  findMachine: {
    method: 'GET',
    path: '/machines/find',
    summary: 'The one machine with this hostname, serial or custom property',
    tag: 'Machines',
    auth: 'login',
    permission: null,
    query: z.object({
      host: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
      serial: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
      property: z.optional(PropertyKey),
      value: z.optional(PropertyValue),
    }),
    reply: z.object({ machineId: Id }),
  },
  getMachine: {
    method: 'GET',
    path: '/machines/{machineId}',
    summary: 'Everything about one machine',
    tag: 'Machines',
    auth: 'login',
    permission: 'machine:see',
    reply: MachineDetails,
  },
  changeMachine: {
    method: 'PATCH',
    path: '/machines/{machineId}',
    summary: 'Change labels, notes and custom properties',
    tag: 'Machines',
    auth: 'login',
    permission: 'machine:edit',
    body: z.object({
      name: z.optional(Label),
      department: z.optional(Label),
      deviceType: z.optional(Label),
      tags: z.optional(Tags),
      notes: z.optional(z.string().check(z.maxLength(10_000))),
      /** Merged; an empty value takes a property away. */
      properties: z.optional(z.record(PropertyKey, PropertyValue)),
    }),
    reply: MachineDetails,
  },
  flagMachine: {
    method: 'POST',
    path: '/machines/{machineId}/attention',
    summary: 'Flag for attention with a note, or take the flag off with null',
    tag: 'Machines',
    auth: 'login',
    permission: 'machine:edit',
    body: z.object({ note: z.nullable(z.string().check(z.maxLength(500))) }),
    reply: MachineDetails,
  },
  wakeMachine: {
    method: 'POST',
    path: '/machines/{machineId}/wake',
    summary: 'Have another online agent on its network send the magic packet (U8)',
    tag: 'Machines',
    auth: 'login',
    permission: 'machine:wake',
    reply: z.object({ askedAgents: z.int() }),
  },
  /** `conflict` with `details.reason` for machines that nobody can wake now. */
  connectMachine: {
    method: 'POST',
    path: '/machines/{machineId}/sessions',
    summary: 'Start a session on the machine, or get the one that is open (I1)',
    tag: 'Machines',
    auth: 'login',
    permission: 'machine:connect',
    body: z.object({ visibility: z.optional(z.enum(['private', 'team', 'company'])) }),
    reply: SessionView,
  },
  machineSessions: {
    method: 'GET',
    path: '/machines/{machineId}/history',
    summary: 'Sessions of one machine that I may see, newest first',
    tag: 'Machines',
    auth: 'login',
    permission: 'machine:see',
    reply: z.object({ sessions: z.array(SessionView) }),
  },
  changeMachines: {
    method: 'POST',
    path: '/machines/bulk',
    summary: 'Tag, move, flag, remove or bring back many machines at once; all or none',
    tag: 'Machines',
    auth: 'login',
    permission: null,
    body: z.object({
      machineIds: z.array(Id).check(z.minLength(1), z.maxLength(MAX_BULK)),
      change: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('add-tag'), tag: Tag }),
        z.object({ kind: z.literal('remove-tag'), tag: Tag }),
        z.object({ kind: z.literal('move'), companyId: Id, siteId: z.nullable(Id) }),
        z.object({ kind: z.literal('flag'), note: z.string().check(z.maxLength(500)) }),
        z.object({ kind: z.literal('unflag') }),
        z.object({ kind: z.literal('remove') }),
        z.object({ kind: z.literal('restore') }),
      ]),
    }),
    reply: z.object({ changed: z.int() }),
  },
  listFilters: {
    method: 'GET',
    path: '/machine-filters',
    summary: 'Saved filters: mine and those shared with me',
    tag: 'Machines',
    auth: 'login',
    permission: null,
    reply: z.object({ filters: z.array(SavedFilterView) }),
  },
  createFilter: {
    method: 'POST',
    path: '/machine-filters',
    summary: 'Save a filter',
    tag: 'Machines',
    auth: 'login',
    permission: null,
    body: NewSavedFilter,
    reply: SavedFilterView,
  },
  changeFilter: {
    method: 'PATCH',
    path: '/machine-filters/{filterId}',
    summary: 'Change a saved filter of mine, or pin one',
    tag: 'Machines',
    auth: 'login',
    permission: null,
    body: z.partial(NewSavedFilter),
    reply: SavedFilterView,
  },
  deleteFilter: {
    method: 'DELETE',
    path: '/machine-filters/{filterId}',
    summary: 'Delete a saved filter of mine',
    tag: 'Machines',
    auth: 'login',
    permission: null,
    reply: Done,
  },
} as const satisfies Record<string, ApiRoute>;

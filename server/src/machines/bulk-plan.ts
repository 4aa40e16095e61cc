import { type ApiBody, GuruError, MAX_TAGS } from '@guruconnect/shared';
import type { MachineFeed } from '../core/machine-ports.ts';
import type { Login } from '../core/ports.ts';
import type { MachineDbRow } from '../db/schema/machines.ts';
import { flagOf } from './attention-flag.ts';
import { isSameTag } from './distinct-tags.ts';
import { hasLostKey } from './enrolled-machine.ts';
import type { MachineAction } from './machine-access.ts';
import type { DetailsDeps } from './machine-details.ts';
import { displayName } from './machine-store.ts';

export type BulkChange = ApiBody<'changeMachines'>['change'];
export type BulkColumns = Partial<
  Pick<MachineDbRow, 'tags' | 'companyId' | 'siteId' | 'attention' | 'clonedAt' | 'removedAt'>
>;

/** What one change of many machines means for each of them. */
export interface BulkPlan {
  readonly action: MachineAction;
  /** In the audit log. */
  readonly auditAction: string;
  readonly feedKind: Parameters<MachineFeed['changed']>[1];
  /** Whether removed machines are meant too. */
  readonly isForRemoved: boolean;
  /** Whether agents are told of it. */
  readonly isLabel: boolean;
  /** Columns to set; empty for a machine that is so already. Throws `conflict` when it cannot be. */
  readonly columnsFor: (row: MachineDbRow) => BulkColumns;
}

export function planOf(deps: Pick<DetailsDeps, 'clock'>, change: BulkChange, login: Login): BulkPlan {
  const edit = { action: 'machine:edit', feedKind: 'changed', isForRemoved: false, isLabel: false } as const;
  const remove = { ...edit, action: 'machine:remove', isForRemoved: true } as const;
  switch (change.kind) {
    case 'add-tag':
      return {
        ...edit,
        auditAction: 'machine.tagged',
        isLabel: true,
        columnsFor: (row) => addTag(row, change.tag),
      };
    case 'remove-tag':
      return {
        ...edit,
        auditAction: 'machine.untagged',
        isLabel: true,
        columnsFor: ({ tags }) => {
          const left = tags.filter((tag) => !isSameTag(tag, change.tag));
          return left.length === tags.length ? {} : { tags: left };
        },
      };
    case 'move': {
      const { companyId, siteId } = change;
      return {
        ...edit,
        action: 'machine:move',
        auditAction: 'machine.moved',
        feedKind: 'appeared',
        isLabel: true,
        columnsFor: (row) =>
          row.companyId === companyId && row.siteId === siteId ? {} : { companyId, siteId },
      };
    }
    case 'flag': {
      const attention = flagOf(deps, login, change.note);
      return { ...edit, auditAction: 'machine.flagged', columnsFor: () => ({ attention }) };
    }
    case 'unflag':
      return {
        ...edit,
        auditAction: 'machine.unflagged',
        // Whoever takes the flag off has looked at a cloned identity as well.
        columnsFor: (row) => ({
          ...(row.attention === null ? {} : { attention: null }),
          ...(row.clonedAt === null ? {} : { clonedAt: null }),
        }),
      };
    case 'remove': {
      const removedAt = deps.clock.now();
      return {
        ...remove,
        auditAction: 'machine.removed',
        feedKind: 'removed',
        columnsFor: (row) => (row.removedAt === null ? { removedAt } : {}),
      };
    }
    case 'restore':
      return { ...remove, auditAction: 'machine.restored', feedKind: 'appeared', columnsFor: restore };
  }
}

function addTag(row: MachineDbRow, tag: string): BulkColumns {
  if (row.tags.some((one) => isSameTag(one, tag))) return {};
  if (row.tags.length >= MAX_TAGS) {
    throw GuruError.conflict(
      `“${displayName(row).slice(0, 80)}” has ${MAX_TAGS} tags. There can be no more.`,
    );
  }
  return { tags: [...row.tags, tag] };
}

function restore(row: MachineDbRow): BulkColumns {
  if (row.removedAt === null) return {};
  if (hasLostKey(row)) {
    throw GuruError.conflict(
      'This computer was enrolled again in another company. It cannot be brought back.',
    );
  }
  return { removedAt: null };
}

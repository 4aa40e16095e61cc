import type { GroupCount } from '@guruconnect/shared';
import { type RefObject, useCallback } from 'react';
import { cn } from '../../lib/class-names.ts';
import type { CountsState } from '../../lib/group-counts.ts';
import { useMediaQuery } from '../../lib/use-media-query.ts';
import type { AccessView } from './access-address.ts';
import { BulkBar } from './bulk-bar.tsx';
import type { Order } from './grid-header.tsx';
import { titleOfGroup } from './group-tree.ts';
import { ListNotices, NoMachines } from './list-notices.tsx';
import { ListToolbar } from './list-toolbar.tsx';
import { MachineGrid } from './machine-grid.tsx';
import { SearchField } from './search-field.tsx';
import type { ChangeView } from './use-access-view.ts';
import type { BulkChange } from './use-bulk-change.ts';
import { useColumns } from './use-columns.ts';
import { useGridChoice } from './use-grid-choice.ts';
import { useMachineList } from './use-machine-list.ts';

const NO_COUNTS: ReadonlyMap<string, GroupCount> = new Map();

/** Without a wish the server sorts by name, or the best match first where there are words. */
function shownOrder({ sort, direction, query }: AccessView): Order {
  return sort === null && query === '' ? { sort: 'name', direction: 'up' } : { sort, direction };
}

/** Search, list, and what is done with the chosen machines. */
export function MachinesPane(props: {
  view: AccessView;
  change: ChangeView;
  counts: CountsState;
  onFiltersChanged: () => void;
  searchRef: RefObject<HTMLInputElement | null>;
  gridRef: RefObject<HTMLDivElement | null>;
  groupsButtonClass: string;
  onOpenGroups: () => void;
}) {
  const { view, change, gridRef } = props;
  const { list, state, show } = useMachineList(view);
  const { columns, choose, resize } = useColumns();
  const isCards = useMediaQuery('(max-width: 639px)');
  const choice = useGridChoice({
    list,
    state,
    openMachineId: view.machineId,
    onOpen: (machineId) => change({ machineId }, { replace: view.machineId !== null && machineId !== null }),
  });
  const onChanged = useCallback(
    (made: BulkChange) => {
      if (made.kind === 'remove') choice.clear();
      list.refresh();
    },
    [list, choice.clear],
  );
  const counts = props.counts.status === 'ready' ? props.counts.counts : NO_COUNTS;
  const title = titleOfGroup(view.group, counts);
  const isEmpty = state.status === 'ready' && state.rows.total === 0;
  return (
    <section aria-label={title} className="flex min-w-0 flex-1 flex-col">
      <div className="grid shrink-0 gap-3 border-b px-3 pt-3 pb-2 sm:px-4">
        <ListToolbar
          title={title}
          view={view}
          state={state}
          counts={counts}
          columns={columns}
          isCards={isCards}
          onColumns={choose}
          onFiltersChanged={props.onFiltersChanged}
          onChange={change}
          groupsButtonClass={props.groupsButtonClass}
          onOpenGroups={props.onOpenGroups}
          search={
            <SearchField
              query={view.query}
              onQuery={(query, options) => change({ query }, options)}
              inputRef={props.searchRef}
              placeholder={isCards ? 'Search machines' : 'Search, or company:glaz* offline>30d'}
              isBusy={state.isStale || state.status === 'loading'}
            />
          }
        />
      </div>
      <div className="relative flex min-h-0 flex-1 flex-col">
        <ListNotices list={list} state={state} />
        {isEmpty && <NoMachines view={view} onChange={change} />}
        <MachineGrid
          key={isCards ? 'cards' : 'lines'}
          list={list}
          state={state}
          columns={columns}
          isCards={isCards}
          order={shownOrder(view)}
          onOrder={({ sort, direction }) => change({ sort, direction })}
          onResize={resize}
          selection={choice.selection}
          active={choice.active}
          openMachineId={view.machineId}
          onIntent={choice.onIntent}
          onShow={show}
          gridRef={gridRef}
          className={cn((isEmpty || state.status !== 'ready') && 'hidden')}
        />
      </div>
      {choice.selection.ids.size > 0 && (
        <BulkBar
          machineIds={[...choice.selection.ids]}
          total={state.rows.total}
          areRemoved={/(^|\s)is:removed(\s|$)/i.test(view.query)}
          onSelectAll={() => choice.onIntent({ kind: 'select-all' }, undefined)}
          onClear={choice.clear}
          onChanged={onChanged}
        />
      )}
    </section>
  );
}

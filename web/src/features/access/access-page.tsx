import { type RefObject, Suspense, useEffect, useRef, useState } from 'react';
import { useApi } from '../../lib/api-context.ts';
import { cn } from '../../lib/class-names.ts';
import { createGroupCounts } from '../../lib/group-counts.ts';
import { useMachineFeed } from '../../lib/machine-feed-context.ts';
import { useMachinePanel } from '../../lib/machine-panel-context.ts';
import { useMe } from '../../lib/me-context.ts';
import { GroupSidebar } from './group-sidebar.tsx';
import { GroupsDrawer } from './groups-drawer.tsx';
import { MachinesPane } from './machines-pane.tsx';
import { useAccessView } from './use-access-view.ts';
import { useCounts } from './use-counts.ts';

/** Every machine with a permanent agent: grouped, searched, listed, one opened (A1-A7). All of it is in the address. */
export function AccessPage() {
  const { view, change, linkTo } = useAccessView();
  const counts = useCountsOfPage();
  const state = useCounts(counts);
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  useDefaultQuery(view, change);
  useSlashKey(search);
  const Panel = useMachinePanel();
  const linkToGroup = (group: string) => linkTo({ group, machineId: null });
  const close = () => {
    change({ machineId: null });
    grid.current?.focus();
  };
  return (
    <div className="flex min-h-0 min-w-0 flex-1">
      <GroupSidebar
        state={state}
        onReload={counts.reload}
        current={view.group}
        linkTo={linkToGroup}
        className={cn('hidden w-60 shrink-0 border-r bg-sidebar', view.machineId ? 'xl:flex' : 'lg:flex')}
      />
      <GroupsDrawer open={isDrawerOpen} onOpenChange={setDrawerOpen}>
        <GroupSidebar
          state={state}
          onReload={counts.reload}
          current={view.group}
          linkTo={linkToGroup}
          className="flex min-h-0 flex-1"
        />
      </GroupsDrawer>
      <MachinesPane
        view={view}
        change={change}
        counts={state}
        onFiltersChanged={counts.reload}
        searchRef={search}
        gridRef={grid}
        groupsButtonClass={view.machineId ? 'xl:hidden' : 'lg:hidden'}
        onOpenGroups={() => setDrawerOpen(true)}
      />
      {view.machineId && (
        <div className="lg:w-[26rem] lg:shrink-0 lg:border-l">
          <Suspense>
            <Panel machineId={view.machineId} onClose={close} />
          </Suspense>
        </div>
      )}
    </div>
  );
}

function useCountsOfPage() {
  const api = useApi();
  const feed = useMachineFeed();
  const [counts] = useState(() => createGroupCounts({ api, feed }));
  useEffect(() => counts.start(), [counts]);
  return counts;
}

/** The tab begins with the query that the person set for it, unless the address says something. */
function useDefaultQuery(
  view: ReturnType<typeof useAccessView>['view'],
  change: ReturnType<typeof useAccessView>['change'],
): void {
  const { accessQuery } = useMe().preferences;
  const isBare = view.group === 'all' && !view.query && !view.machineId && !view.sort;
  const wanted = useRef(isBare ? accessQuery : '');
  useEffect(() => {
    if (wanted.current) change({ query: wanted.current }, { replace: true });
    wanted.current = '';
  }, [change]);
}

/** `/` goes to the search field from anywhere but another field. */
function useSlashKey(search: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
        return;
      if (
        target instanceof Element &&
        target.closest('input, textarea, select, [contenteditable], [role=dialog]')
      )
        return;
      event.preventDefault();
      search.current?.focus();
      search.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [search]);
}

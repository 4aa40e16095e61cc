import type { SmartGroupId } from '@guruconnect/shared';
import {
  CircleArrowUp,
  Clock,
  CloudOff,
  Flag,
  type LucideIcon,
  MonitorSmartphone,
  MonitorUp,
  Power,
  UserRound,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { useAppearance } from '../../lib/appearance-store.ts';
import { cn } from '../../lib/class-names.ts';
import type { CountsState } from '../../lib/group-counts.ts';
import { useAccessChoices } from './access-store.ts';
import { FilterGroups } from './filter-groups.tsx';
import { GroupLink } from './group-link.tsx';
import { GroupSectionView, SectionFrame } from './group-section.tsx';
import { groupTree } from './group-tree.ts';

/** Groups of machines with their counts: all, smart groups, saved filters, then one section a kind (A1-A3). */
export function GroupSidebar(props: {
  state: CountsState;
  /** Loads the counts anew. */
  onReload: () => void;
  current: string;
  linkTo: (group: string) => string;
  className?: string;
}) {
  const grouping = useAppearance((appearance) => appearance.accessGrouping);
  const showsSmart = useAppearance((appearance) => appearance.showSmartGroups);
  const { state, current, linkTo } = props;
  return (
    <nav
      aria-label="Groups of machines"
      className={cn('flex-col gap-2.5 overflow-y-auto p-3', props.className)}
    >
      {state.status === 'failed' && (
        <div role="alert" className="grid gap-2 px-2 text-muted-foreground text-sm">
          The groups could not be loaded.
          <Button size="small" onClick={props.onReload}>
            Try again
          </Button>
        </div>
      )}
      {state.status === 'loading' && <LoadingGroups />}
      {state.status === 'ready' && (
        <Groups
          tree={groupTree(state.counts, grouping)}
          showsSmart={showsSmart}
          preferred={grouping}
          current={current}
          linkTo={linkTo}
          filters={
            <FilterGroups
              counts={state.counts}
              current={current}
              linkTo={linkTo}
              onFiltersChanged={props.onReload}
            />
          }
        />
      )}
    </nav>
  );
}

const SMART_ICONS: Record<string, LucideIcon> = {
  'smart:attention': Flag,
  'smart:host-connected': MonitorUp,
  'smart:guest-connected': UserRound,
  'smart:recently-accessed': Clock,
  'smart:offline-30-days': CloudOff,
  'smart:offline-1-year': CloudOff,
  'smart:outdated': CircleArrowUp,
  'smart:powered-on': Power,
} satisfies Record<`smart:${SmartGroupId}`, LucideIcon>;

function Groups(props: {
  tree: ReturnType<typeof groupTree>;
  showsSmart: boolean;
  preferred: string;
  current: string;
  linkTo: (group: string) => string;
  filters: ReactNode;
}) {
  const { tree, current, linkTo } = props;
  const sections = useAccessChoices((choices) => choices.sections);
  return (
    <>
      <ul>
        <li>
          <GroupLink
            icon={MonitorSmartphone}
            title="All machines"
            count={tree.all}
            to={linkTo('all')}
            isCurrent={current === 'all'}
          />
        </li>
      </ul>
      {props.showsSmart && (
        <SectionFrame id="smart" title="Smart groups" isOpen={sections.smart ?? true}>
          <ul>
            {tree.smart.map((group) => (
              <li key={group.key}>
                <GroupLink
                  icon={SMART_ICONS[group.key]}
                  title={group.title}
                  count={group.count}
                  to={linkTo(group.key)}
                  isCurrent={current === group.key}
                />
              </li>
            ))}
          </ul>
        </SectionFrame>
      )}
      {props.filters}
      {tree.sections.map((section) => (
        <GroupSectionView
          key={section.id}
          section={section}
          isOpen={sections[section.id] ?? section.id === props.preferred}
          current={current}
          linkTo={linkTo}
          parents={
            section.id === 'site' ? tree.sections.find(({ id }) => id === 'company')?.groups : undefined
          }
        />
      ))}
    </>
  );
}

function LoadingGroups() {
  return (
    <div role="status" className="grid gap-2 px-2 pt-1">
      <span className="sr-only">Loading the groups…</span>
      {['w-4/5', 'w-3/5', 'w-2/3', 'w-1/2', 'w-3/4'].map((width) => (
        <span key={width} className={cn('h-6 animate-pulse rounded bg-muted', width)} />
      ))}
    </div>
  );
}

import type { GroupCount } from '@guruconnect/shared';
import { BookmarkPlus, Columns3, ListFilter, PanelLeft } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Tooltip } from '../../components/tooltip.tsx';
import { useApiQuery } from '../../lib/use-api.ts';
import type { AccessView } from './access-address.ts';
import type { ChosenColumn } from './columns.tsx';
import { groupAsQuery } from './group-as-query.ts';
import type { ListState } from './machine-list.ts';
import type { ChangeView } from './use-access-view.ts';

const FilterBuilder = lazy(async () => ({ default: (await import('./filter-builder.tsx')).FilterBuilder }));
const ColumnsDialog = lazy(async () => ({ default: (await import('./columns-dialog.tsx')).ColumnsDialog }));
const SaveFilterDialog = lazy(async () => ({
  default: (await import('./save-filter-dialog.tsx')).SaveFilterDialog,
}));

/** Title and number of the machines listed, the search field, and what narrows, keeps or lays out the list. */
export function ListToolbar(props: {
  title: string;
  view: AccessView;
  state: ListState;
  counts: ReadonlyMap<string, GroupCount>;
  columns: readonly ChosenColumn[];
  isCards: boolean;
  onColumns: (columns: readonly ChosenColumn[]) => void;
  onChange: ChangeView;
  onFiltersChanged: () => void;
  groupsButtonClass: string;
  onOpenGroups: () => void;
  search: ReactNode;
}) {
  const { view, state, onChange } = props;
  const [dialog, setDialog] = useState<'builder' | 'columns' | 'save'>();
  const close = () => setDialog(undefined);
  const filters = useApiQuery('listFilters');
  const isNarrowed = view.query !== '' || view.group !== 'all';
  return (
    <>
      <div className="flex min-w-0 items-center gap-2">
        <Button
          tone="ghost"
          size="icon"
          aria-label="Open the groups"
          className={props.groupsButtonClass}
          onClick={props.onOpenGroups}
        >
          <PanelLeft aria-hidden="true" />
        </Button>
        <h1 className="min-w-0 truncate font-semibold text-lg tracking-tight">
          <bdi>{props.title}</bdi>
        </h1>
        <p
          role="status"
          className="shrink-0 rounded-full bg-muted px-2 py-0.5 text-muted-foreground text-xs tabular-nums"
        >
          {state.status === 'ready' ? state.rows.total.toLocaleString('en') : '…'}
          {!state.isCounted && '+'}
          <span className="sr-only">{state.rows.total === 1 ? ' machine' : ' machines'}</span>
        </p>
      </div>
      <div className="flex items-start gap-1.5">
        {props.search}
        <ToolbarButton label="Build a filter" onClick={() => setDialog('builder')}>
          <ListFilter aria-hidden="true" />
        </ToolbarButton>
        {isNarrowed && (
          <ToolbarButton label="Save as a filter" onClick={() => setDialog('save')}>
            <BookmarkPlus aria-hidden="true" />
          </ToolbarButton>
        )}
        {!props.isCards && (
          <ToolbarButton label="Columns" onClick={() => setDialog('columns')}>
            <Columns3 aria-hidden="true" />
          </ToolbarButton>
        )}
      </div>
      <Suspense>
        {dialog === 'builder' && (
          <FilterBuilder query={view.query} onApply={(query) => onChange({ query })} onClose={close} />
        )}
        {dialog === 'columns' && (
          <ColumnsDialog columns={props.columns} onChange={props.onColumns} onClose={close} />
        )}
        {dialog === 'save' && (
          <SaveFilterDialog
            query={groupAsQuery(view, props.counts, filters.data?.filters ?? [])}
            onSaved={({ filterId }) => {
              props.onFiltersChanged();
              onChange({ group: `filter:${filterId}`, query: '' });
            }}
            onClose={close}
          />
        )}
      </Suspense>
    </>
  );
}

function ToolbarButton(props: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip text={props.label}>
      <Button size="square" aria-label={props.label} onClick={props.onClick}>
        {props.children}
      </Button>
    </Tooltip>
  );
}

import type { GroupCount, SavedFilterView } from '@guruconnect/shared';
import { Ellipsis, Filter, Pencil, Pin, PinOff, Trash2, Users } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../components/menu.tsx';
import { useApiMutation, useApiQuery } from '../../lib/use-api.ts';
import { useAccessChoices } from './access-store.ts';
import { GroupLink } from './group-link.tsx';
import { SectionFrame } from './group-section.tsx';

const SaveFilterDialog = lazy(async () => ({
  default: (await import('./save-filter-dialog.tsx')).SaveFilterDialog,
}));

/** Saved filters: mine and those shared with me, the pinned ones first, with their counts (A3). */
export function FilterGroups(props: {
  counts: ReadonlyMap<string, GroupCount>;
  current: string;
  linkTo: (group: string) => string;
  onFiltersChanged: () => void;
}) {
  const { data } = useApiQuery('listFilters');
  const isOpen = useAccessChoices((choices) => choices.sections.filters ?? true);
  const [edited, setEdited] = useState<{ filter: SavedFilterView; what: 'edit' | 'delete' }>();
  const filters = (data?.filters ?? []).toSorted(
    (a, b) => Number(b.pinned) - Number(a.pinned) || a.name.localeCompare(b.name),
  );
  if (filters.length === 0) return null;
  const close = () => setEdited(undefined);
  return (
    <SectionFrame id="filters" title="My filters" isOpen={isOpen}>
      <ul>
        {filters.map((filter) => (
          <li key={filter.filterId}>
            <GroupLink
              icon={filter.shared === 'none' ? Filter : Users}
              title={filter.name}
              detail={filter.mayChange ? undefined : filter.owner.name}
              count={props.counts.get(`filter:${filter.filterId}`)?.count}
              to={props.linkTo(`filter:${filter.filterId}`)}
              isCurrent={props.current === `filter:${filter.filterId}`}
              after={
                <FilterMenu
                  filter={filter}
                  onChoose={(what) => setEdited({ filter, what })}
                  onChanged={props.onFiltersChanged}
                />
              }
            />
          </li>
        ))}
      </ul>
      {edited?.what === 'edit' && (
        <Suspense>
          <SaveFilterDialog
            filter={edited.filter}
            query={edited.filter.query}
            onSaved={props.onFiltersChanged}
            onClose={close}
          />
        </Suspense>
      )}
      {edited?.what === 'delete' && <DeleteFilter filter={edited.filter} onClose={close} />}
    </SectionFrame>
  );
}

function FilterMenu(props: {
  filter: SavedFilterView;
  onChoose: (what: 'edit' | 'delete') => void;
  onChanged: () => void;
}) {
  const { filter } = props;
  const change = useApiMutation('changeFilter', { refreshes: ['listFilters'], onDone: props.onChanged });
  return (
    <Menu
      trigger={
        <Button
          tone="ghost"
          size="icon"
          aria-label={`Actions for the filter ${filter.name}`}
          className="!size-7 mr-0.5"
        >
          <Ellipsis aria-hidden="true" />
        </Button>
      }
    >
      <MenuItem
        icon={filter.pinned ? PinOff : Pin}
        onSelect={() =>
          change.mutate({ params: { filterId: filter.filterId }, body: { pinned: !filter.pinned } })
        }
      >
        {filter.pinned ? 'Unpin' : 'Pin to the top'}
      </MenuItem>
      {filter.mayChange && (
        <>
          <MenuItem icon={Pencil} onSelect={() => props.onChoose('edit')}>
            Change…
          </MenuItem>
          <MenuSeparator />
          <MenuItem icon={Trash2} tone="danger" onSelect={() => props.onChoose('delete')}>
            Delete…
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

function DeleteFilter({ filter, onClose }: { filter: SavedFilterView; onClose: () => void }) {
  const remove = useApiMutation('deleteFilter', {
    refreshes: ['listFilters'],
    said: 'The filter was deleted.',
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete the filter “${filter.name}”?`}
      confirmLabel="Delete the filter"
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ params: { filterId: filter.filterId } })}
    >
      {filter.shared === 'none'
        ? 'Your machines stay as they are; only this way of finding them goes.'
        : 'It goes for everybody it is shared with. The machines stay as they are.'}
    </ConfirmDialog>
  );
}

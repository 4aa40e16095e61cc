import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Input } from '../../components/input.tsx';
import { useAccessChoices } from './access-store.ts';
import { GroupLink } from './group-link.tsx';
import { type GroupNode, type GroupSection, narrow } from './group-tree.ts';

/** A longer section gets a box that narrows it, and begins with so many. */
const LONG = 12;

/** A heading that folds what is under it away; remembered in this browser. */
export function SectionFrame(props: {
  id: string;
  title: string;
  isOpen: boolean;
  action?: ReactNode;
  children: ReactNode;
}) {
  const setSection = useAccessChoices((choices) => choices.setSection);
  const contentId = useId();
  const Chevron = props.isOpen ? ChevronDown : ChevronRight;
  return (
    <section aria-label={props.title}>
      <div className="flex items-center">
        <h2 className="min-w-0 flex-1">
          <button
            type="button"
            aria-expanded={props.isOpen}
            aria-controls={contentId}
            onClick={() => setSection(props.id, !props.isOpen)}
            className="flex h-8 w-full items-center gap-1.5 rounded-md px-2 text-left font-semibold text-xs tracking-wide hover:bg-muted"
          >
            <Chevron aria-hidden="true" className="size-3.5 shrink-0 text-muted-foreground" />
            {props.title}
          </button>
        </h2>
        {props.action}
      </div>
      <div id={contentId} hidden={!props.isOpen} className="mt-0.5">
        {props.isOpen && props.children}
      </div>
    </section>
  );
}

/** The groups of one kind; companies open to their sites. */
export function GroupSectionView(props: {
  section: GroupSection;
  isOpen: boolean;
  current: string;
  linkTo: (group: string) => string;
  /** Of sites: their companies, whose names tell sites of the same name apart. */
  parents: readonly GroupNode[] | undefined;
}) {
  const { section, parents } = props;
  const [text, setText] = useState('');
  const [showsAll, setShowsAll] = useState(false);
  if (section.groups.length === 0) return null;
  const isLong = section.groups.length > LONG;
  const narrowed = narrow(section.groups, text);
  const shown = isLong && !showsAll && !text ? narrowed.slice(0, LONG) : narrowed;
  return (
    <SectionFrame id={section.id} title={section.title} isOpen={props.isOpen}>
      {isLong && (
        <Input
          type="search"
          aria-label={`Find in ${section.title.toLowerCase()}`}
          placeholder={`Find in ${section.groups.length}…`}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="!h-8 mb-1"
        />
      )}
      <ul>
        {shown.map((group) => (
          <GroupItem
            key={group.key}
            group={group}
            detail={parents?.find(({ key }) => key === group.parent)?.title}
            isForcedOpen={text !== ''}
            isIndented={section.groups.some(({ children }) => children.length > 0)}
            current={props.current}
            linkTo={props.linkTo}
          />
        ))}
      </ul>
      {narrowed.length === 0 && (
        <p className="px-2 py-1 text-muted-foreground text-sm">None has this name.</p>
      )}
      {shown.length < narrowed.length && (
        <Button tone="ghost" size="small" className="mt-1 w-full" onClick={() => setShowsAll(true)}>
          Show all {narrowed.length}
        </Button>
      )}
    </SectionFrame>
  );
}

function GroupItem(props: {
  group: GroupNode;
  detail: string | undefined;
  isForcedOpen: boolean;
  /** Whether others beside it can be opened: all names then begin at the same place. */
  isIndented: boolean;
  current: string;
  linkTo: (group: string) => string;
}) {
  const { group, current, linkTo } = props;
  const isChosenOpen = useAccessChoices((choices) => choices.openCompanies.includes(group.key));
  const toggle = useAccessChoices((choices) => choices.toggleCompany);
  const hasChildren = group.children.length > 0;
  const isOpen = hasChildren && (isChosenOpen || props.isForcedOpen);
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <li>
      <GroupLink
        title={group.title}
        detail={props.detail}
        count={group.count}
        to={linkTo(group.key)}
        isCurrent={current === group.key}
        before={
          hasChildren ? (
            <button
              type="button"
              aria-expanded={isOpen}
              aria-label={`Sites of ${group.title}`}
              onClick={() => toggle(group.key)}
              className="grid size-7 shrink-0 place-items-center rounded-md hover:bg-border/60"
            >
              <Chevron aria-hidden="true" className="size-3.5" />
            </button>
          ) : props.isIndented ? (
            <span className="w-7 shrink-0" />
          ) : undefined
        }
      />
      {isOpen && (
        <ul aria-label={`Sites of ${group.title}`}>
          {group.children.map((site) => (
            <li key={site.key}>
              <GroupLink
                isNested
                title={site.title}
                count={site.count}
                to={linkTo(site.key)}
                isCurrent={current === site.key}
              />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

import type { Actor } from '@guruconnect/shared';
import {
  Headset,
  type LucideIcon,
  MonitorSmartphone,
  PackagePlus,
  PanelLeftClose,
  PanelLeftOpen,
  Search,
  Settings,
} from 'lucide-react';
import { NavLink } from 'react-router';
import { Button } from '../components/button.tsx';
import { LogoMark } from '../components/logo.tsx';
import { Tooltip } from '../components/tooltip.tsx';
import { useAppearance } from '../lib/appearance-store.ts';
import { cn } from '../lib/class-names.ts';
import { mayBuild } from '../lib/may-build.ts';
import { useActor } from '../lib/me-context.ts';
import { useSavePreferences } from '../lib/use-save-preferences.ts';
import { paths } from './paths.ts';
import { UserMenu } from './user-menu.tsx';

const TABS: { to: string; label: string; icon: LucideIcon; isShownTo?: (actor: Actor) => boolean }[] = [
  { to: paths.support, label: 'Support', icon: Headset },
  { to: paths.access, label: 'Access', icon: MonitorSmartphone },
  { to: paths.build, label: 'Build', icon: PackagePlus, isShownTo: mayBuild },
  { to: paths.settings, label: 'Settings', icon: Settings },
];

/** The tabs; collapses to icons, and remembers that for the person. */
export function Sidebar(props: { className?: string; inDrawer?: boolean; onPalette?: () => void }) {
  const { className, inDrawer = false, onPalette } = props;
  const isCollapsed = useAppearance((appearance) => appearance.sidebar === 'collapsed') && !inDrawer;
  const save = useSavePreferences();
  const actor = useActor();
  return (
    <aside
      className={cn(
        'flex-col border-r bg-sidebar p-3 transition-[width] duration-150',
        isCollapsed ? 'w-[4.25rem]' : 'w-60',
        className,
      )}
    >
      <div className="flex h-11 items-center gap-2.5 px-1">
        <LogoMark className="size-8 shrink-0" />
        {!isCollapsed && <span className="truncate font-semibold tracking-tight">GuruConnect</span>}
      </div>
      {onPalette && <PaletteButton isCollapsed={isCollapsed} onClick={onPalette} />}
      <nav aria-label="Main" className="mt-4 grid gap-1">
        {TABS.filter((tab) => tab.isShownTo?.(actor) ?? true).map(({ to, label, icon }) => (
          <TabLink key={to} to={to} label={label} icon={icon} isCollapsed={isCollapsed} />
        ))}
      </nav>
      <div className="mt-auto grid gap-1">
        {!inDrawer && (
          <Button
            tone="ghost"
            size="icon"
            aria-label={isCollapsed ? 'Expand the sidebar' : 'Collapse the sidebar'}
            aria-expanded={!isCollapsed}
            onClick={() => save({ sidebar: isCollapsed ? 'expanded' : 'collapsed' })}
          >
            {isCollapsed ? <PanelLeftOpen aria-hidden="true" /> : <PanelLeftClose aria-hidden="true" />}
          </Button>
        )}
        <UserMenu isCollapsed={isCollapsed} />
      </div>
    </aside>
  );
}

function PaletteButton(props: { isCollapsed: boolean; onClick: () => void }) {
  const label = 'Find machines, sessions and commands';
  const button = (
    <button
      type="button"
      aria-label={label}
      aria-keyshortcuts="Control+K"
      onClick={props.onClick}
      className="mt-3 flex h-9 items-center gap-3 rounded-lg border bg-card px-3 text-muted-foreground text-sm shadow-xs hover:bg-muted"
    >
      <Search aria-hidden="true" className="size-4 shrink-0" />
      {!props.isCollapsed && (
        <>
          <span className="flex-1 text-left">Find…</span>
          <span className="rounded border bg-muted px-1.5 text-xs leading-5">Ctrl K</span>
        </>
      )}
    </button>
  );
  if (!props.isCollapsed) return button;
  return (
    <Tooltip text={label} side="right">
      {button}
    </Tooltip>
  );
}

function TabLink(props: { to: string; label: string; icon: LucideIcon; isCollapsed: boolean }) {
  const Icon = props.icon;
  const link = (
    <NavLink
      to={props.to}
      aria-label={props.label}
      className={({ isActive }) =>
        cn(
          'flex h-10 items-center gap-3 rounded-lg px-3 font-medium text-sm',
          isActive
            ? 'bg-accent text-accent-foreground'
            : 'text-muted-foreground hover:bg-muted hover:text-foreground',
        )
      }
    >
      <Icon aria-hidden="true" className="size-[1.15rem] shrink-0" />
      {!props.isCollapsed && props.label}
    </NavLink>
  );
  if (!props.isCollapsed) return link;
  return (
    <Tooltip text={props.label} side="right">
      {link}
    </Tooltip>
  );
}

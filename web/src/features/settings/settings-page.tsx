import { type Actor, may } from '@guruconnect/shared';
import { type ComponentType, useEffect, useRef } from 'react';
import { Navigate, NavLink, useParams } from 'react-router';
import { cn } from '../../lib/class-names.ts';
import { mayBuild } from '../../lib/may-build.ts';
import { useActor } from '../../lib/me-context.ts';
import { AccountTab } from './account-tab.tsx';
import { AppearanceTab } from './appearance-tab.tsx';
import { AuditTab } from './audit-tab.tsx';
import { CompaniesTab } from './companies-tab.tsx';
import { DeploymentTab } from './deployment-tab.tsx';
import { PreferencesTab } from './preferences-tab.tsx';
import { TeamsTab } from './teams-tab.tsx';
import { TechniciansTab } from './technicians-tab.tsx';
import { UpdatesTab } from './updates-tab.tsx';

interface SettingsTab {
  path: string;
  label: string;
  isShownTo: (actor: Actor) => boolean;
  Content: ComponentType;
}

const everyone = () => true;
const TABS: readonly SettingsTab[] = [
  { path: 'appearance', label: 'Appearance', isShownTo: everyone, Content: AppearanceTab },
  { path: 'preferences', label: 'Preferences', isShownTo: everyone, Content: PreferencesTab },
  { path: 'account', label: 'Account', isShownTo: everyone, Content: AccountTab },
  {
    path: 'technicians',
    label: 'Technicians',
    isShownTo: (actor) => may(actor, 'user:create', null),
    Content: TechniciansTab,
  },
  {
    path: 'companies',
    label: 'Companies',
    isShownTo: (actor) => may(actor, 'company:create', null) || mayBuild(actor),
    Content: CompaniesTab,
  },
  { path: 'teams', label: 'Teams', isShownTo: (actor) => may(actor, 'team:change', null), Content: TeamsTab },
  {
    path: 'deployment',
    label: 'Deployment',
    isShownTo: (actor) => may(actor, 'settings:change', null),
    Content: DeploymentTab,
  },
  {
    path: 'updates',
    label: 'Updates',
    isShownTo: (actor) => may(actor, 'settings:change', null),
    Content: UpdatesTab,
  },
  { path: 'audit', label: 'Audit', isShownTo: (actor) => may(actor, 'audit:read', null), Content: AuditTab },
];

/** Settings, one address a tab; only those that the person may use are shown. */
export function SettingsPage() {
  const actor = useActor();
  const { tab } = useParams();
  const shown = TABS.filter((one) => one.isShownTo(actor));
  const bar = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is another place in the bar
  useEffect(() => {
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [tab]);
  const current = shown.find((one) => one.path === tab);
  if (!current) return <Navigate to="/app/settings/appearance" replace />;
  return (
    <div className="grid grid-cols-1 gap-6">
      <h1 className="font-semibold text-2xl tracking-tight">Settings</h1>
      <nav ref={bar} aria-label="Settings" className="-mx-4 overflow-x-auto border-b px-4 sm:mx-0 sm:px-0">
        <ul className="flex gap-1">
          {shown.map((one) => (
            <li key={one.path}>
              <NavLink
                to={`/app/settings/${one.path}`}
                className={({ isActive }) =>
                  cn(
                    '-mb-px block whitespace-nowrap border-b-2 px-3 py-2.5 font-medium text-sm -outline-offset-2',
                    isActive
                      ? 'border-primary text-foreground'
                      : 'border-transparent text-muted-foreground hover:text-foreground',
                  )
                }
              >
                {one.label}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <current.Content />
    </div>
  );
}

import type { Preferences } from '@guruconnect/shared';
import {
  Headset,
  type LucideIcon,
  Monitor,
  MonitorSmartphone,
  Moon,
  PanelLeft,
  PanelLeftClose,
  Settings,
  Sun,
} from 'lucide-react';
import { useId } from 'react';
import { TitledCard } from '../../components/card.tsx';
import { useAppearance } from '../../lib/appearance-store.ts';
import { cn } from '../../lib/class-names.ts';
import { useSavePreferences } from '../../lib/use-save-preferences.ts';

interface Choice<V extends string> {
  value: V;
  label: string;
  icon: LucideIcon;
}

const THEMES: Choice<Preferences['theme']>[] = [
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
  { value: 'system', label: 'Like the system', icon: Monitor },
];
const SIDEBARS: Choice<Preferences['sidebar']>[] = [
  { value: 'expanded', label: 'Expanded', icon: PanelLeft },
  { value: 'collapsed', label: 'Icons only', icon: PanelLeftClose },
];
const LANDING_TABS: Choice<Preferences['landingTab']>[] = [
  { value: 'support', label: 'Support', icon: Headset },
  { value: 'access', label: 'Access', icon: MonitorSmartphone },
  { value: 'settings', label: 'Settings', icon: Settings },
];

export function AppearanceTab() {
  const { theme, sidebar, landingTab } = useAppearance();
  const save = useSavePreferences();
  return (
    <TitledCard title="Appearance" description="Kept with your account; applies in every browser.">
      <div className="grid gap-6">
        <Choices legend="Theme" choices={THEMES} value={theme} onChange={(value) => save({ theme: value })} />
        <Choices
          legend="Sidebar"
          choices={SIDEBARS}
          value={sidebar}
          onChange={(value) => save({ sidebar: value })}
        />
        <Choices
          legend="First tab after signing in"
          choices={LANDING_TABS}
          value={landingTab}
          onChange={(value) => save({ landingTab: value })}
        />
      </div>
    </TitledCard>
  );
}

function Choices<V extends string>(props: {
  legend: string;
  choices: Choice<V>[];
  value: V;
  onChange: (value: V) => void;
}) {
  const group = useId();
  return (
    <fieldset>
      <legend className="mb-2 font-medium text-sm">{props.legend}</legend>
      <div className="flex flex-wrap gap-3">
        {props.choices.map(({ value, label, icon: Icon }) => (
          <label
            key={value}
            className={cn(
              'flex min-w-32 flex-1 cursor-pointer items-center gap-3 rounded-lg border-2 px-4 py-3 text-sm has-focus-visible:outline-2 has-focus-visible:outline-ring has-focus-visible:outline-offset-2 sm:flex-none',
              value === props.value ? 'border-primary bg-accent text-accent-foreground' : 'hover:bg-muted',
            )}
          >
            <input
              type="radio"
              name={group}
              className="sr-only"
              checked={value === props.value}
              onChange={() => props.onChange(value)}
            />
            <Icon aria-hidden="true" className="size-4" />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

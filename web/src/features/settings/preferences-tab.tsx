import { type Preferences, parseMachineQuery, type Visibility } from '@guruconnect/shared';
import { type FormEvent, useId, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../components/button.tsx';
import { TitledCard } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { Checkbox, Input, Select } from '../../components/input.tsx';
import { useAppearance } from '../../lib/appearance-store.ts';
import { playChime } from '../../lib/play-chime.ts';
import { VISIBILITY_NAMES } from '../../lib/role-names.ts';
import { useSavePreferences } from '../../lib/use-save-preferences.ts';
import { Choice } from './choice.tsx';

/** How the person works: what Access begins with, who sees their sessions, how they are told of things (D2). */
export function PreferencesTab() {
  return (
    <div className="grid grid-cols-1 gap-6">
      <AccessCard />
      <SessionsCard />
      <NotificationsCard />
    </div>
  );
}

const GROUPINGS: Record<Preferences['accessGrouping'], string> = {
  company: 'Company and site',
  site: 'Site',
  os: 'Operating system',
  tag: 'Tag',
  type: 'Device type',
};

function AccessCard() {
  const { accessGrouping, showSmartGroups } = useAppearance();
  const save = useSavePreferences();
  return (
    <TitledCard title="Access" description="How the list of machines begins.">
      <div className="grid max-w-xl gap-4">
        <Field label="Groups that are open in the sidebar">
          {(control) => (
            <Select
              {...control}
              value={accessGrouping}
              onChange={(event) =>
                save({ accessGrouping: event.target.value as Preferences['accessGrouping'] })
              }
            >
              {Object.entries(GROUPINGS).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Checkbox
          label="Show smart groups"
          hint="Attention, recently accessed, long offline and the like."
          checked={showSmartGroups}
          onChange={(event) => save({ showSmartGroups: event.target.checked })}
        />
        <DefaultQuery />
      </div>
    </TitledCard>
  );
}

/** Saved on its own: half a query is none. */
function DefaultQuery() {
  const stored = useAppearance((appearance) => appearance.accessQuery);
  const save = useSavePreferences();
  const [text, setText] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const shown = text ?? stored;
  function submit(event: FormEvent): void {
    event.preventDefault();
    const parsed = parseMachineQuery(shown.trim());
    setProblem(parsed.ok ? undefined : parsed.problem.message);
    if (!parsed.ok) return;
    save({ accessQuery: shown.trim() });
    setText(undefined);
    toast.success('Saved. Access begins with it.');
  }
  return (
    <form onSubmit={submit} noValidate>
      <Field
        label="Search that is there at first"
        hint="In the language of the search field, such as is:online -tag:test. Empty: all machines."
        error={problem}
      >
        {(control) => (
          <div className="flex gap-2">
            <Input
              {...control}
              spellCheck={false}
              autoCapitalize="none"
              maxLength={500}
              value={shown}
              onChange={(event) => setText(event.target.value)}
            />
            <Button type="submit" disabled={shown === stored}>
              Save
            </Button>
          </div>
        )}
      </Field>
    </form>
  );
}

function SessionsCard() {
  const visibility = useAppearance((appearance) => appearance.sessionVisibility);
  const save = useSavePreferences();
  const group = useId();
  return (
    <TitledCard title="Sessions" description="Of those that you begin; each can be changed later.">
      <fieldset className="grid gap-2">
        <legend className="mb-2 font-medium text-sm">Who may see them</legend>
        {Object.entries(VISIBILITY_NAMES).map(([value, label]) => (
          <Choice
            key={value}
            name={group}
            label={label}
            checked={value === visibility}
            onChoose={() => save({ sessionVisibility: value as Visibility })}
          />
        ))}
      </fieldset>
    </TitledCard>
  );
}

function NotificationsCard() {
  const notifications = useAppearance((appearance) => appearance.notifications);
  const save = useSavePreferences();
  const change = (part: Partial<Preferences['notifications']>) =>
    save({ notifications: { ...notifications, ...part } });
  async function switchBrowser(isOn: boolean): Promise<void> {
    if (isOn && !(await mayNotify())) {
      toast.error('This browser does not let the page notify. Allow it in the site settings of the browser.');
      return;
    }
    change({ browser: isOn });
  }
  return (
    <TitledCard
      title="Notifications"
      description="For what should not wait: a session that is offered to you, a flagged machine that comes online."
    >
      <div className="grid gap-3">
        <Checkbox
          label="Show a notification of the browser"
          hint="The browser asks once whether the page may."
          checked={notifications.browser}
          onChange={(event) => void switchBrowser(event.target.checked)}
        />
        <Checkbox
          label="Play a sound"
          checked={notifications.sound}
          onChange={(event) => {
            if (event.target.checked) playChime();
            change({ sound: event.target.checked });
          }}
        />
      </div>
    </TitledCard>
  );
}

/** Asks for the browser's permission where it was not given or refused yet. */
async function mayNotify(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  if (Notification.permission === 'default') await Notification.requestPermission();
  return Notification.permission === 'granted';
}

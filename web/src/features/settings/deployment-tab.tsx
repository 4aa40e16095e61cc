import { DeploymentSettings } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { TitledCard } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Checkbox, Input, TextArea } from '../../components/input.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { fieldProblems } from '../../lib/field-problems.ts';
import { useApiMutation, useApiQuery } from '../../lib/use-api.ts';
import { DurationField } from './duration-field.tsx';
import { HistoryField } from './history-field.tsx';
import { WindowsCard } from './windows-card.tsx';

const TOO_LONG = 'Enter a whole number of at least 1 minute and at most 366 days.';
const SENTENCES = {
  companyName: 'Enter a name of at most 80 characters.',
  portalInstructions: 'Use at most 2000 characters.',
  loginIdleMinutes: TOO_LONG,
  loginMaximumMinutes: TOO_LONG,
  sessionIdleMinutes: TOO_LONG,
  sessionMaximumMinutes: TOO_LONG,
  defaultCodeExpiryMinutes: TOO_LONG,
  checkInMinutes: 'Enter a whole number of at least 1 minute and at most 1 day.',
  historyDays: 'Enter a whole number of at least 1 and at most 3650 days.',
};

export function DeploymentTab() {
  const settings = useApiQuery('getSettings');
  if (settings.error) return <LoadFailure error={settings.error} onRetry={() => void settings.refetch()} />;
  if (!settings.data) return <SkeletonRows />;
  return <DeploymentForm stored={settings.data} />;
}

function DeploymentForm({ stored }: { stored: DeploymentSettings }) {
  const [form, setForm] = useState(stored);
  const [problems, setProblems] = useState<Partial<Record<keyof typeof SENTENCES, string>>>({});
  const [erases, setErases] = useState(false);
  const save = useApiMutation('changeSettings', {
    said: 'The settings were saved.',
    refreshes: ['getSettings', 'getReleases', 'getMachine'],
    onDone: (saved) => {
      setForm(saved);
      setErases(false);
    },
  });
  const send = () => save.mutate({ body: changedSettings(stored, form) });
  const change = (part: Partial<DeploymentSettings>) => setForm({ ...form, ...part });

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = fieldProblems(DeploymentSettings, form, SENTENCES);
    setProblems(found ?? {});
    if (found) return;
    if (stored.machineThumbnails && !form.machineThumbnails) setErases(true);
    else send();
  }
  return (
    <form onSubmit={submit} noValidate className="grid grid-cols-1 gap-6">
      <PortalCard form={form} change={change} problems={problems} />
      <TimesCard form={form} change={change} problems={problems} />
      <WindowsCard form={form.windowsForm} onChange={(windowsForm) => change({ windowsForm })} />
      <MachinesCard form={form} change={change} problems={problems} />
      <Button type="submit" tone="primary" busy={save.isPending} className="justify-self-start">
        Save settings
      </Button>
      <ConfirmDialog
        open={erases}
        onOpenChange={setErases}
        title="Erase all pictures of screens?"
        confirmLabel="Save and erase them"
        busy={save.isPending}
        onConfirm={send}
      >
        The pictures that were kept of all machines are erased at once, and none is taken any more. They
        cannot be brought back. Backups of the server that were made before still hold them.
      </ConfirmDialog>
    </form>
  );
}

/** Only what is different: another administrator may have changed the rest meanwhile. */
function changedSettings(stored: DeploymentSettings, form: DeploymentSettings): Partial<DeploymentSettings> {
  const before: Record<string, unknown> = stored;
  return Object.fromEntries(Object.entries(form).filter(([name, value]) => before[name] !== value));
}

interface PartProps {
  form: DeploymentSettings;
  change: (part: Partial<DeploymentSettings>) => void;
  problems: Partial<Record<keyof typeof SENTENCES, string>>;
}

function PortalCard({ form, change, problems }: PartProps) {
  return (
    <TitledCard title="Portal" description="What end users see when they enter a code.">
      <div className="grid max-w-xl gap-4">
        <Field label="Company name" error={problems.companyName}>
          {(control) => (
            <Input
              {...control}
              value={form.companyName}
              onChange={(event) => change({ companyName: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Instructions"
          hint="Plain text under the code field. Empty: three general steps."
          error={problems.portalInstructions}
        >
          {(control) => (
            <TextArea
              {...control}
              rows={4}
              value={form.portalInstructions}
              onChange={(event) => change({ portalInstructions: event.target.value })}
            />
          )}
        </Field>
        <Checkbox
          label="End users may get a code themselves"
          hint="They read it out, and a technician claims it on the Support tab."
          checked={form.portalIssuesCodes}
          onChange={(event) => change({ portalIssuesCodes: event.target.checked })}
        />
      </div>
    </TitledCard>
  );
}

function TimesCard({ form, change, problems }: PartProps) {
  return (
    <TitledCard
      title="Durations"
      description="Enforced by the server, and for sessions by the agent as well."
    >
      <div className="grid gap-5 lg:grid-cols-2">
        <DurationField
          label="A code expires"
          none="Not until used"
          hint="Unless the technician chooses something else."
          value={form.defaultCodeExpiryMinutes}
          onChange={(minutes) => change({ defaultCodeExpiryMinutes: minutes })}
          error={problems.defaultCodeExpiryMinutes}
        />
        <DurationField
          label="A session without input ends"
          none="Never"
          value={form.sessionIdleMinutes}
          onChange={(minutes) => change({ sessionIdleMinutes: minutes })}
          error={problems.sessionIdleMinutes}
        />
        <DurationField
          label="Every session ends"
          none="Never"
          value={form.sessionMaximumMinutes}
          onChange={(minutes) => change({ sessionMaximumMinutes: minutes })}
          error={problems.sessionMaximumMinutes}
        />
        <DurationField
          label="An unused sign-in ends after"
          value={form.loginIdleMinutes}
          onChange={(minutes) => change({ loginIdleMinutes: minutes ?? 1 })}
          error={problems.loginIdleMinutes}
        />
        <DurationField
          label="Every sign-in ends after"
          value={form.loginMaximumMinutes}
          onChange={(minutes) => change({ loginMaximumMinutes: minutes ?? 1 })}
          error={problems.loginMaximumMinutes}
        />
      </div>
    </TitledCard>
  );
}

function MachinesCard({ form, change, problems }: PartProps) {
  return (
    <TitledCard title="Machines" description="What holds for every permanent agent.">
      <div className="grid gap-5 lg:grid-cols-2">
        <DurationField
          label="Agents check in every"
          hint="Who is logged on, idle time and free space are as old as that at most; whether a machine is there is known at once."
          value={form.checkInMinutes}
          onChange={(minutes) => change({ checkInMinutes: minutes ?? 1 })}
          error={problems.checkInMinutes}
        />
        <HistoryField
          days={form.historyDays}
          onChange={(historyDays) => change({ historyDays })}
          error={problems.historyDays}
        />
        <div className="lg:col-span-2">
          <Checkbox
            label="Keep a small picture of each machine’s screen"
            hint="Taken in sessions on it, by whoever controls it, and shown beside the machine to everybody who may see that. It is the only picture that is not encrypted from end to end: the server keeps it. Turning this off erases all of them."
            checked={form.machineThumbnails}
            onChange={(event) => change({ machineThumbnails: event.target.checked })}
          />
        </div>
      </div>
    </TitledCard>
  );
}

import { type CompanyView, NewInstaller } from '@guruconnect/shared';
import { Building2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Field } from '../../components/field.tsx';
import { Input, Select } from '../../components/input.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { SuggestInput } from '../../components/suggest-input.tsx';
import { fieldProblems } from '../../lib/field-problems.ts';
import { useApiMutation, useApiQuery } from '../../lib/use-api.ts';
import { firstPlatform, type Platform, type Releases } from './delivery.ts';
import { EXPIRY_CHOICES, type ExpiryChoice, expiresAt } from './expiry-choices.ts';
import { MachineNameField } from './machine-name-field.tsx';
import type { MadeInstaller } from './made-card.tsx';
import { PlatformField } from './platform-field.tsx';
import { tagsIn } from './tags-in.ts';

interface DialogProps {
  readonly onClose: () => void;
  readonly releases: Releases | undefined;
  readonly onMade: (made: MadeInstaller) => void;
}

/** What a new installer gives to its machines, what it is wanted for, and how long it works (B1). */
export function CreateDialog(props: DialogProps) {
  const companies = useApiQuery('listCompanies');
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title="New installer"
      description="Machines that enrol with it get these labels; they can be changed later."
    >
      {companies.error ? (
        <LoadFailure error={companies.error} onRetry={() => void companies.refetch()} />
      ) : !companies.data ? (
        <SkeletonRows />
      ) : companies.data.companies.length === 0 ? (
        <EmptyState icon={Building2} title="There is no company yet">
          Machines belong to companies. An administrator adds them in{' '}
          <Link to="/app/settings/companies" className="underline underline-offset-4">
            Settings
          </Link>
          .
        </EmptyState>
      ) : (
        <CreateForm companies={companies.data.companies} {...props} />
      )}
    </Dialog>
  );
}

const LABEL_TOO_LONG = 'Use at most 80 characters.';
const SENTENCES = {
  name: 'Enter a name of at most 80 characters.',
  companyId: 'Choose a company.',
  site: LABEL_TOO_LONG,
  department: LABEL_TOO_LONG,
  deviceType: LABEL_TOO_LONG,
  machineName: LABEL_TOO_LONG,
  tags: 'Use at most 20 tags of at most 80 characters.',
  maxUses: 'Enter a whole number of at least 1, or leave it empty.',
};
type Problems = Partial<Record<keyof typeof SENTENCES, string>>;

interface Form {
  name: string;
  companyId: string;
  site: string;
  department: string;
  deviceType: string;
  tags: string;
  machineName: string;
  expiry: ExpiryChoice;
  maxUses: string;
  platform: Platform;
}

function CreateForm({ companies, releases, onMade }: DialogProps & { companies: CompanyView[] }) {
  const [form, setForm] = useState<Form>({
    name: '',
    companyId: companies[0]?.companyId ?? '',
    site: '',
    department: '',
    deviceType: '',
    tags: '',
    machineName: '',
    expiry: '30',
    maxUses: '',
    platform: firstPlatform(releases),
  });
  const [problems, setProblems] = useState<Problems>({});
  const create = useApiMutation('createInstaller', {
    refreshes: ['listInstallers', 'listCompanies'],
    onDone: (made) => onMade({ ...made, platform: form.platform }),
  });
  const change = (part: Partial<Form>) => setForm({ ...form, ...part });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const { expiry, maxUses, tags, platform: _platform, ...labels } = form;
    const body = {
      ...labels,
      tags: tagsIn(tags),
      expiresAt: expiresAt(expiry, Date.now()),
      maxUses: maxUses.trim() === '' ? null : Number(maxUses),
    };
    const found = fieldProblems(NewInstaller, body, SENTENCES);
    setProblems(found ?? {});
    if (!found) create.mutate({ body });
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <PlaceFields form={form} change={change} problems={problems} companies={companies} />
      <LabelFields form={form} change={change} problems={problems} />
      <PlatformField
        platform={form.platform}
        releases={releases}
        onChange={(platform) => change({ platform })}
      />
      <LimitFields form={form} change={change} problems={problems} />
      <DialogActions>
        <Button type="submit" tone="primary" busy={create.isPending}>
          Make the installer
        </Button>
      </DialogActions>
    </form>
  );
}

interface PartProps {
  readonly form: Form;
  readonly change: (part: Partial<Form>) => void;
  readonly problems: Problems;
}

function PlaceFields({ form, change, problems, companies }: PartProps & { companies: CompanyView[] }) {
  const sites = companies.find((one) => one.companyId === form.companyId)?.sites ?? [];
  return (
    <>
      <Field
        label="Name of the installer"
        hint="For this list, such as “Front office PCs”."
        error={problems.name}
      >
        {(control) => (
          <Input
            {...control}
            autoFocus
            value={form.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Company" error={problems.companyId}>
          {(control) => (
            <Select
              {...control}
              value={form.companyId}
              onChange={(event) => change({ companyId: event.target.value, site: '' })}
            >
              {companies.map((company) => (
                <option key={company.companyId} value={company.companyId}>
                  {company.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Site" hint="Made if the company has none of that name." error={problems.site}>
          {(control) => (
            <>
              <Input
                {...control}
                list={`${control.id}-sites`}
                autoComplete="off"
                value={form.site}
                onChange={(event) => change({ site: event.target.value })}
              />
              <datalist id={`${control.id}-sites`}>
                {sites.map((site) => (
                  <option key={site.siteId} value={site.name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </div>
    </>
  );
}

function LabelFields({ form, change, problems }: PartProps) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Department" error={problems.department}>
          {(control) => (
            <SuggestInput
              {...control}
              label="department"
              value={form.department}
              onChange={(event) => change({ department: event.target.value })}
            />
          )}
        </Field>
        <Field label="Device type" error={problems.deviceType}>
          {(control) => (
            <SuggestInput
              {...control}
              label="deviceType"
              value={form.deviceType}
              onChange={(event) => change({ deviceType: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field label="Tags" hint="Separated by commas." error={problems.tags}>
        {(control) => (
          <SuggestInput
            {...control}
            label="tag"
            isList
            value={form.tags}
            onChange={(event) => change({ tags: event.target.value })}
          />
        )}
      </Field>
      <MachineNameField
        name={form.machineName}
        error={problems.machineName}
        onChange={(machineName) => change({ machineName })}
      />
    </>
  );
}

function LimitFields({ form, change, problems }: PartProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Expires">
        {(control) => (
          <Select
            {...control}
            value={form.expiry}
            onChange={(event) => change({ expiry: event.target.value as ExpiryChoice })}
          >
            {EXPIRY_CHOICES.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Most machines" hint="Empty: any number." error={problems.maxUses}>
        {(control) => (
          <Input
            {...control}
            type="number"
            min={1}
            value={form.maxUses}
            onChange={(event) => change({ maxUses: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

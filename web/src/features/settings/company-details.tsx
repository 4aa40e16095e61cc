import { type CompanyView, DisplayName, may } from '@guruconnect/shared';
import { type FormEvent, type ReactNode, useState } from 'react';
import { safeParse } from 'zod/mini';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';
import { FIELD_SENTENCES } from '../../lib/field-problems.ts';
import { useActor } from '../../lib/me-context.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { CompanyAccessForm } from './company-access-form.tsx';
import { ConsentForm } from './consent-form.tsx';
import { SiteList } from './site-list.tsx';

/** Everything about one company that the person may change. */
export function CompanyDetails({ company }: { company: CompanyView }) {
  const mayChange = may(useActor(), 'company:change', null);
  return (
    <div className="mt-2 grid gap-6 rounded-lg border p-4 sm:p-5">
      {mayChange && (
        <Part title="Name">
          <NameForm key={company.name} company={company} />
        </Part>
      )}
      <Part title="Sites">
        <SiteList company={company} />
      </Part>
      {mayChange && (
        <>
          <Part title="Who reaches its machines">
            <CompanyAccessForm company={company} />
          </Part>
          <Part title="Consent for unattended sessions">
            <ConsentForm company={company} />
          </Part>
          <DeleteCompany company={company} />
        </>
      )}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-3">
      <h3 className="font-semibold text-sm">{title}</h3>
      {children}
    </section>
  );
}

function NameForm({ company }: { company: CompanyView }) {
  const [name, setName] = useState(company.name);
  const [problem, setProblem] = useState<string>();
  const change = useApiMutation('changeCompany', {
    refreshes: ['listCompanies'],
    said: 'The company was renamed.',
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const parsed = safeParse(DisplayName, name);
    setProblem(parsed.success ? undefined : FIELD_SENTENCES.name);
    if (parsed.success && parsed.data !== company.name)
      change.mutate({ params: { companyId: company.companyId }, body: { name: parsed.data } });
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-wrap items-end gap-3">
      <Field label="Name of the company" error={problem} className="w-full max-w-xs">
        {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Button type="submit" busy={change.isPending}>
        Rename
      </Button>
    </form>
  );
}

function DeleteCompany({ company }: { company: CompanyView }) {
  const [isAsking, setAsking] = useState(false);
  const remove = useApiMutation('deleteCompany', {
    refreshes: ['listCompanies'],
    said: `${company.name} was deleted.`,
    onDone: () => setAsking(false),
  });
  const hasMachines = company.machines > 0;
  return (
    <div className="flex flex-wrap items-center gap-3 border-t pt-4">
      <Button
        tone="dangerGhost"
        size="small"
        disabled={hasMachines}
        aria-label={`Delete ${company.name}`}
        onClick={() => setAsking(true)}
      >
        Delete company…
      </Button>
      {hasMachines && (
        <p className="text-muted-foreground text-sm">Only a company without machines can be deleted.</p>
      )}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={`Delete the company ${company.name}?`}
        confirmLabel="Delete company"
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ params: { companyId: company.companyId } })}
      >
        Its sites, its installers and the machines that were removed from it go with it. This cannot be
        undone.
      </ConfirmDialog>
    </div>
  );
}

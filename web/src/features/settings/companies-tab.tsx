import { type CompanyView, may } from '@guruconnect/shared';
import { Building2, ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { TitledCard } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { describeConsent } from '../../lib/consent-text.ts';
import { useActor } from '../../lib/me-context.ts';
import { useApiMutation, useApiQuery } from '../../lib/use-api.ts';
import { AddByName } from './add-by-name.tsx';
import { CompanyDetails } from './company-details.tsx';

/** The companies whose machines are looked after: their sites, who reaches them, how consent is asked (A8, S4). */
export function CompaniesTab() {
  const actor = useActor();
  const companies = useApiQuery('listCompanies');
  const [openId, setOpenId] = useState<string>();
  return (
    <TitledCard title="Companies" description="Every machine belongs to one; a site is a place within it.">
      <div className="grid gap-6">
        {may(actor, 'company:create', null) && <AddCompany onAdded={setOpenId} />}
        {companies.error ? (
          <LoadFailure error={companies.error} onRetry={() => void companies.refetch()} />
        ) : !companies.data ? (
          <SkeletonRows rows={2} />
        ) : companies.data.companies.length === 0 ? (
          <EmptyState icon={Building2} title="No companies yet">
            Add one above; then make an installer for its machines on the Build tab.
          </EmptyState>
        ) : (
          <ul className="divide-y">
            {companies.data.companies
              .toSorted((left, right) => left.name.localeCompare(right.name))
              .map((company) => (
                <CompanyRow
                  key={company.companyId}
                  company={company}
                  isOpen={company.companyId === openId}
                  onToggle={() => setOpenId(company.companyId === openId ? undefined : company.companyId)}
                />
              ))}
          </ul>
        )}
      </div>
    </TitledCard>
  );
}

function AddCompany({ onAdded }: { onAdded: (companyId: string) => void }) {
  const create = useApiMutation('createCompany', {
    refreshes: ['listCompanies'],
    said: 'The company was added.',
    onDone: (company) => onAdded(company.companyId),
  });
  return (
    <AddByName
      label="New company"
      action="Add company"
      busy={create.isPending}
      onAdd={(name, empty) => create.mutate({ body: { name } }, { onSuccess: empty })}
    />
  );
}

function CompanyRow(props: { company: CompanyView; isOpen: boolean; onToggle: () => void }) {
  const { company, isOpen } = props;
  const detailsId = useId();
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const facts = [
    count(company.machines, 'machine'),
    count(company.sites.length, 'site'),
    company.access === 'everyone' ? 'every technician' : 'assigned technicians',
  ];
  return (
    <li className="py-3 text-sm first:pt-0 last:pb-0">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={detailsId}
        onClick={props.onToggle}
        className="flex w-full items-start gap-3 rounded-lg p-2 text-left hover:bg-muted"
      >
        <Chevron aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
        <span className="min-w-0 flex-1">
          <bdi className="block font-medium [overflow-wrap:anywhere]">{company.name}</bdi>
          <span className="block text-muted-foreground">
            {facts.join(' · ')} · {describeConsent(company.consent)}
          </span>
        </span>
      </button>
      <div id={detailsId} hidden={!isOpen}>
        {isOpen && <CompanyDetails company={company} />}
      </div>
    </li>
  );
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}

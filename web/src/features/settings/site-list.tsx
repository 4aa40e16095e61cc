import { type CompanyView, may, type SiteView } from '@guruconnect/shared';
import { useState } from 'react';
import { useActor } from '../../lib/me-context.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { AddByName } from './add-by-name.tsx';
import { NamedRow, type RowMode } from './named-row.tsx';

/** A company's places. */
export function SiteList({ company }: { company: CompanyView }) {
  const mayChange = may(useActor(), 'site:change', company);
  return (
    <div className="grid gap-3">
      {company.sites.length === 0 ? (
        <p className="text-muted-foreground text-sm">None; its machines belong to the company as a whole.</p>
      ) : (
        <ul className="divide-y rounded-lg border">
          {company.sites
            .toSorted((left, right) => left.name.localeCompare(right.name))
            .map((site) => (
              <SiteRow key={site.siteId} site={site} mayChange={mayChange} />
            ))}
        </ul>
      )}
      {mayChange && <AddSite companyId={company.companyId} />}
    </div>
  );
}

function AddSite({ companyId }: { companyId: string }) {
  const create = useApiMutation('createSite', { refreshes: ['listCompanies'] });
  return (
    <AddByName
      label="New site"
      action="Add site"
      busy={create.isPending}
      onAdd={(name, empty) => create.mutate({ params: { companyId }, body: { name } }, { onSuccess: empty })}
    />
  );
}

function SiteRow({ site, mayChange }: { site: SiteView; mayChange: boolean }) {
  const [mode, setMode] = useState<RowMode>();
  const params = { siteId: site.siteId };
  const onDone = () => setMode(undefined);
  const change = useApiMutation('changeSite', { refreshes: ['listCompanies'], onDone });
  const remove = useApiMutation('deleteSite', {
    refreshes: ['listCompanies'],
    said: `${site.name} was deleted.`,
    onDone,
  });
  return (
    <NamedRow
      name={site.name}
      note={`${site.machines} ${site.machines === 1 ? 'machine' : 'machines'}`}
      kind="site"
      mayChange={mayChange}
      size="small"
      className="px-3 py-2"
      mode={mode}
      onMode={setMode}
      busy={change.isPending || remove.isPending}
      onRename={(name) => change.mutate({ params, body: { name } })}
      onDelete={() => remove.mutate({ params })}
    >
      Its machines stay in the company, without a site.
    </NamedRow>
  );
}

import { type CompanyView, may, type SiteView } from '@guruconnect/shared';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useActor } from '../../lib/me-context.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { AddByName } from './add-by-name.tsx';
import { RenameForm } from './rename-form.tsx';

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
  const [mode, setMode] = useState<'renaming' | 'deleting'>();
  const remove = useApiMutation('deleteSite', {
    refreshes: ['listCompanies'],
    said: `${site.name} was deleted.`,
    onDone: () => setMode(undefined),
  });
  return (
    <li className="flex flex-wrap items-center gap-2 px-3 py-2 text-sm">
      {mode === 'renaming' ? (
        <RenameSite site={site} onDone={() => setMode(undefined)} />
      ) : (
        <>
          <bdi className="min-w-0 flex-1 [overflow-wrap:anywhere]">{site.name}</bdi>
          <span className="text-muted-foreground">
            {site.machines} {site.machines === 1 ? 'machine' : 'machines'}
          </span>
          {mayChange && (
            <>
              <Button
                tone="ghost"
                size="icon"
                aria-label={`Rename ${site.name}`}
                onClick={() => setMode('renaming')}
              >
                <Pencil aria-hidden="true" />
              </Button>
              <Button
                tone="dangerGhost"
                size="icon"
                aria-label={`Delete ${site.name}`}
                onClick={() => setMode('deleting')}
              >
                <Trash2 aria-hidden="true" />
              </Button>
            </>
          )}
        </>
      )}
      <ConfirmDialog
        open={mode === 'deleting'}
        onOpenChange={(open) => setMode(open ? 'deleting' : undefined)}
        title={`Delete the site ${site.name}?`}
        confirmLabel="Delete site"
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ params: { siteId: site.siteId } })}
      >
        Its machines stay in the company, without a site.
      </ConfirmDialog>
    </li>
  );
}

function RenameSite({ site, onDone }: { site: SiteView; onDone: () => void }) {
  const change = useApiMutation('changeSite', { refreshes: ['listCompanies'], onDone });
  return (
    <RenameForm
      name={site.name}
      busy={change.isPending}
      size="small"
      onRename={(name) => change.mutate({ params: { siteId: site.siteId }, body: { name } })}
      onCancel={onDone}
    />
  );
}

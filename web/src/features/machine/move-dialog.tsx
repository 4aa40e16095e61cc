import type { CompanyView, MachineDetails } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Select } from '../../components/input.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { useApiQuery } from '../../lib/use-api.ts';
import { useMoveMachine } from './use-change-machines.ts';

/** Into another company or site. */
export function MoveDialog({ details, onClose }: { details: MachineDetails; onClose: () => void }) {
  const companies = useApiQuery('listCompanies');
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Move ${details.row.name}`}
      description="Another company may mean other technicians and another consent policy."
    >
      {companies.data ? (
        <MoveForm details={details} companies={companies.data.companies} onClose={onClose} />
      ) : companies.error ? (
        <LoadFailure error={companies.error} onRetry={() => void companies.refetch()} />
      ) : (
        <SkeletonRows rows={2} />
      )}
    </Dialog>
  );
}

function MoveForm(props: { details: MachineDetails; companies: CompanyView[]; onClose: () => void }) {
  const { row } = props.details;
  const here = { companyId: row.company.companyId, siteId: row.site?.siteId ?? null };
  const [target, setTarget] = useState(here);
  const { isPending, move } = useMoveMachine(row.machineId);
  const company = props.companies.find((one) => one.companyId === target.companyId);
  const isHere = target.companyId === here.companyId && target.siteId === here.siteId;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isHere) props.onClose();
    else
      move({ kind: 'move', ...target }, { kind: 'move', ...here }, `${row.name} was moved.`, props.onClose);
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label="Company">
        {(control) => (
          <Select
            {...control}
            value={target.companyId}
            onChange={(event) => setTarget({ companyId: event.target.value, siteId: null })}
          >
            {props.companies.map((one) => (
              <option key={one.companyId} value={one.companyId}>
                {one.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Site">
        {(control) => (
          <Select
            {...control}
            value={target.siteId ?? ''}
            onChange={(event) => setTarget({ ...target, siteId: event.target.value || null })}
          >
            <option value="">No site</option>
            {(company?.sites ?? []).map((site) => (
              <option key={site.siteId} value={site.siteId}>
                {site.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <DialogActions>
        <Button type="submit" tone="primary" busy={isPending}>
          Move
        </Button>
      </DialogActions>
    </form>
  );
}

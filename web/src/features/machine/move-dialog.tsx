import type { CompanyView, MachineDetails } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { type Place, PlaceFields } from '../../components/place-fields.tsx';
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
  const [place, setPlace] = useState<Place>(here);
  const { isPending, move } = useMoveMachine(row.machineId);
  const isHere = place.companyId === here.companyId && place.siteId === here.siteId;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isHere) props.onClose();
    else move({ kind: 'move', ...place }, { kind: 'move', ...here }, `${row.name} was moved.`, props.onClose);
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <PlaceFields companies={props.companies} place={place} onChange={(next) => next && setPlace(next)} />
      <DialogActions>
        <Button type="submit" tone="primary" busy={isPending}>
          Move
        </Button>
      </DialogActions>
    </form>
  );
}

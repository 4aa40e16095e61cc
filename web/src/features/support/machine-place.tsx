import { Building2 } from 'lucide-react';
import { Link } from 'react-router';
import { useApiQuery } from '../../lib/use-api.ts';

/** Where the machine of an unattended session belongs, leading to everything about it. */
export function MachinePlace({ machineId }: { machineId: string }) {
  const machine = useApiQuery('getMachine', { params: { machineId } });
  const row = machine.data?.row;
  if (!row) return null;
  return (
    <p className="mt-1 flex items-start gap-2 text-sm">
      <Building2 aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
      <Link
        to={`/app/access/${machineId}`}
        aria-label={`Details of ${row.name}`}
        className="min-w-0 underline-offset-4 [overflow-wrap:anywhere] hover:underline"
      >
        {row.company.name}
        {row.site && ` › ${row.site.name}`}
      </Link>
    </p>
  );
}

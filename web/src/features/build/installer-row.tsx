import type { InstallerView } from '@guruconnect/shared';
import { Ban, MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { formatDateTime } from '../../lib/format-time.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { givenLabels, STATUS, usesText, validityText } from './installer-status.ts';

/** One installer: what it gives, how much it was used, how long it works. */
export function InstallerRow({ installer }: { installer: InstallerView }) {
  const { name, company, status, createdBy, createdAt } = installer;
  const labels = givenLabels(installer);
  return (
    <li className="grid items-start gap-x-6 gap-y-2 p-4 text-sm lg:grid-cols-[minmax(0,1fr)_19rem_6.5rem]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <bdi className="min-w-0 [overflow-wrap:anywhere]">{name}</bdi>
          <Badge tone={STATUS[status].tone}>{STATUS[status].label}</Badge>
        </p>
        <p className="mt-0.5 text-muted-foreground [overflow-wrap:anywhere]">
          {[company.name, ...labels].join(' · ')}
        </p>
      </div>
      <div className="text-muted-foreground">
        <p className="flex items-center gap-2 text-foreground">
          <MonitorSmartphone aria-hidden="true" className="size-4 text-muted-foreground" />
          {usesText(installer)}
        </p>
        <p className="mt-0.5">{validityText(installer)}</p>
        <p className="mt-0.5">
          {createdBy ? `by ${createdBy.name}, ` : ''}
          {formatDateTime(createdAt)}
        </p>
      </div>
      {status === 'revoked' ? null : <RevokeButton installer={installer} />}
    </li>
  );
}

function RevokeButton({ installer }: { installer: InstallerView }) {
  const [isAsking, setAsking] = useState(false);
  const revoke = useApiMutation('revokeInstaller', {
    refreshes: ['listInstallers'],
    said: `${installer.name} was revoked.`,
    onDone: () => setAsking(false),
  });
  return (
    <>
      <Button
        tone="dangerGhost"
        size="small"
        className="justify-self-start lg:justify-self-end"
        aria-label={`Revoke ${installer.name}`}
        onClick={() => setAsking(true)}
      >
        <Ban aria-hidden="true" /> Revoke
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={`Revoke ${installer.name}?`}
        confirmLabel="Revoke the installer"
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate({ params: { installerId: installer.installerId } })}
      >
        Nobody can enrol with its token any more. Machines that came from it stay.
      </ConfirmDialog>
    </>
  );
}

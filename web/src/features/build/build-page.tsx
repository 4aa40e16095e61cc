import { type InstallerView, may } from '@guruconnect/shared';
import { PackagePlus, Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { mayBuild } from '../../lib/may-build.ts';
import { useActor } from '../../lib/me-context.ts';
import { useApiQuery } from '../../lib/use-api.ts';
import { CreateDialog } from './create-dialog.tsx';
import type { Releases } from './delivery.ts';
import { DeliveryNotices } from './delivery-notices.tsx';
import { InstallerRow } from './installer-row.tsx';
import { MadeCard, type MadeInstaller } from './made-card.tsx';

/** Installers: how machines come to the deployment, and what they are given with it (B1). */
export function BuildPage() {
  const actor = useActor();
  const [isCreating, setCreating] = useState(false);
  const [made, setMade] = useState<MadeInstaller>();
  const releases = useApiQuery('getReleases').data;
  if (!mayBuild(actor)) {
    return (
      <EmptyState icon={PackagePlus} title="Installers are made by senior technicians">
        Ask one of them, or an administrator, for an installer.
      </EmptyState>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-6">
      <header className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="font-semibold text-2xl tracking-tight">Build</h1>
          <p className="mt-1 text-muted-foreground text-sm">
            An installer enrols machines and gives them their place: company, site, labels.
          </p>
        </div>
        <Button tone="primary" className="w-full sm:w-auto" onClick={() => setCreating(true)}>
          <Plus aria-hidden="true" /> New installer
        </Button>
      </header>
      {releases && <DeliveryNotices releases={releases} isAdmin={may(actor, 'settings:change', null)} />}
      {made && (
        <MadeCard
          key={made.installer.installerId}
          made={made}
          releases={releases}
          onDone={() => setMade(undefined)}
        />
      )}
      <Installers releases={releases} onCreate={() => setCreating(true)} />
      {isCreating && (
        <CreateDialog
          releases={releases}
          onClose={() => setCreating(false)}
          onMade={(one) => {
            setMade(one);
            setCreating(false);
          }}
        />
      )}
    </div>
  );
}

function Installers({ releases, onCreate }: { releases: Releases | undefined; onCreate: () => void }) {
  const installers = useApiQuery('listInstallers');
  if (installers.error)
    return <LoadFailure error={installers.error} onRetry={() => void installers.refetch()} />;
  if (!installers.data) return <SkeletonRows />;
  const all = installers.data.installers.toSorted(byUse);
  if (all.length === 0) {
    return (
      <EmptyState
        icon={PackagePlus}
        title="No installers yet"
        action={<Button onClick={onCreate}>Make the first one</Button>}
      >
        Each is an EXE, an MSI and a line for Linux in one. It can expire, be limited to a number of machines,
        and be revoked.
      </EmptyState>
    );
  }
  return (
    <Card aria-label="Installers">
      <ul className="divide-y">
        {all.map((installer) => (
          <InstallerRow key={installer.installerId} installer={installer} releases={releases} />
        ))}
      </ul>
    </Card>
  );
}

/** Those that work first, the newest of them on top. */
function byUse(left: InstallerView, right: InstallerView): number {
  return (
    Number(right.status === 'active') - Number(left.status === 'active') || right.createdAt - left.createdAt
  );
}

import type { InstallerView } from '@guruconnect/shared';
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
import { InstallerRow } from './installer-row.tsx';
import { type NewToken, NewTokenCard } from './new-token-card.tsx';

/** Installers: how machines come to the deployment, and what they are given with it (B1). */
export function BuildPage() {
  const actor = useActor();
  const [isCreating, setCreating] = useState(false);
  const [made, setMade] = useState<NewToken>();
  if (!mayBuild(actor)) {
    return (
      <EmptyState icon={PackagePlus} title="Installers are made by senior technicians">
        Ask one of them, or an administrator, for an enrolment command.
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
      {made && (
        <NewTokenCard key={made.installer.installerId} made={made} onDone={() => setMade(undefined)} />
      )}
      <Installers onCreate={() => setCreating(true)} />
      {isCreating && (
        <CreateDialog
          onClose={() => setCreating(false)}
          onMade={(token) => {
            setMade(token);
            setCreating(false);
          }}
        />
      )}
    </div>
  );
}

function Installers({ onCreate }: { onCreate: () => void }) {
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
        Each has a token that is shown once. It can expire, be limited to a number of machines, and be
        revoked.
      </EmptyState>
    );
  }
  return (
    <Card aria-label="Installers">
      <ul className="divide-y">
        {all.map((installer) => (
          <InstallerRow key={installer.installerId} installer={installer} />
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

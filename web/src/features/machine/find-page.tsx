import { Link, Navigate, useSearchParams } from 'react-router';
import { Button } from '../../components/button.tsx';
import { buttonStyles } from '../../components/button-styles.ts';
import { WaitingCard } from '../../components/waiting-card.tsx';
import { connectPath } from '../../lib/connect-to.ts';
import { describeError } from '../../lib/describe-error.ts';
import { useApiQuery } from '../../lib/use-api.ts';
import { type FindTarget, findTargetOf } from './find-target.ts';

/** `/connect?host=…`: finds the machine that another program's link means, then connects to it (I1). */
export function FindPage() {
  const [search] = useSearchParams();
  const target = findTargetOf(search);
  if (target) return <Finding target={target} />;
  return (
    <WaitingCard title="This link names no machine" busy={false} actions={<MachinesLink />}>
      It must say which: /connect/ and the machine's id, or ?host=, ?serial=, or ?property= with &amp;value=.
    </WaitingCard>
  );
}

function Finding({ target }: { target: FindTarget }) {
  const found = useApiQuery('findMachine', { query: target });
  if (found.data) return <Navigate to={connectPath(found.data.machineId)} replace />;
  const what = 'host' in target ? target.host : 'serial' in target ? target.serial : target.value;
  if (!found.error) return <WaitingCard title="Looking for the machine…">{what}</WaitingCard>;
  return (
    <WaitingCard
      title="The machine was not found"
      busy={false}
      actions={
        <>
          <MachinesLink />
          <Button onClick={() => void found.refetch()}>Try again</Button>
        </>
      }
    >
      <p className="break-words font-medium text-foreground">{what}</p>
      <p className="mt-1">{describeError(found.error)}</p>
    </WaitingCard>
  );
}

function MachinesLink() {
  return (
    <Link to="/app/access" className={buttonStyles({ tone: 'primary' })}>
      To the machines
    </Link>
  );
}

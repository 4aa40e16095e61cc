import { GuruError, type SessionView } from '@guruconnect/shared';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { Button } from '../../components/button.tsx';
import { buttonStyles } from '../../components/button-styles.ts';
import { WaitingCard } from '../../components/waiting-card.tsx';
import { describeError } from '../../lib/describe-error.ts';
import { useMachine } from './use-machine.ts';
import { useWake } from './use-wake.ts';
import { describeWake } from './wake-progress.ts';

export interface ConnectPageProps {
  readonly machineId: string;
  /** Said until the machine itself is known. */
  readonly knownName: string | undefined;
  readonly start: () => Promise<SessionView>;
  /** With the session once it stands; without one once its refusal is shown. */
  readonly onSettled: (session: SessionView | undefined) => void;
}

/** Between the click and the viewer: the agent is being started, or why it cannot be. */
export function ConnectPage(props: ConnectPageProps) {
  const { machineId, knownName, start, onSettled } = props;
  const [attempt, setAttempt] = useState(0);
  const [refusal, setRefusal] = useState<unknown>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt starts anew
  useEffect(() => {
    let isHere = true;
    setRefusal(undefined);
    start().then(
      (session) => {
        if (isHere) onSettled(session);
      },
      (error: unknown) => {
        if (!isHere) return;
        setRefusal(error);
        onSettled(undefined);
      },
    );
    return () => {
      isHere = false;
    };
  }, [start, onSettled, attempt]);
  const again = () => setAttempt(attempt + 1);
  if (refusal instanceof GuruError && refusal.code === 'endpoint-offline') {
    return <OfflineCard machineId={machineId} knownName={knownName} onAgain={again} />;
  }
  if (refusal !== undefined) {
    return (
      <WaitingCard
        title={knownName ? `${knownName} cannot be reached` : 'This machine cannot be reached'}
        busy={false}
        actions={
          <>
            <Button tone="primary" onClick={again}>
              Try again
            </Button>
            <BackLink />
          </>
        }
      >
        {describeError(refusal)}
      </WaitingCard>
    );
  }
  return (
    <WaitingCard
      title={knownName ? `Starting on ${knownName}…` : 'Starting the session…'}
      actions={<BackLink />}
    >
      The agent on the machine is being started.
    </WaitingCard>
  );
}

/** The machine is away: it can be woken from here, and the connection goes on by itself when it comes. */
function OfflineCard(props: { machineId: string; knownName: string | undefined; onAgain: () => void }) {
  const machine = useMachine(props.machineId);
  const row = machine.data?.row;
  const isOnline = row?.online ?? false;
  const { progress, wake } = useWake(props.machineId, isOnline);
  const { onAgain } = props;
  const hasCome = progress.kind === 'came-online';
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it came
  useEffect(() => {
    if (hasCome) onAgain();
  }, [hasCome]);
  const isUnderWay = progress.kind === 'asking' || progress.kind === 'waiting';
  const name = row?.name ?? props.knownName ?? 'This machine';
  return (
    <WaitingCard
      title={isOnline ? `${name} is online again` : `${name} is offline`}
      busy={isUnderWay}
      actions={
        <>
          {isOnline ? (
            <Button tone="primary" onClick={onAgain}>
              Connect
            </Button>
          ) : (
            machine.data?.rights.wake !== false && (
              <Button tone="primary" busy={isUnderWay} onClick={wake}>
                Wake it
              </Button>
            )
          )}
          <Button onClick={onAgain}>Try again</Button>
          <BackLink />
        </>
      }
    >
      <p role="status">
        {describeWake(progress) ??
          (isOnline ? 'It can be connected to now.' : 'Its agent is not connected to this server.')}
      </p>
      {isUnderWay && <p className="mt-2">The connection begins by itself as soon as it is online.</p>}
    </WaitingCard>
  );
}

function BackLink() {
  return (
    <Link to="/app/access" className={buttonStyles({ tone: 'ghost' })}>
      Back to the machines
    </Link>
  );
}

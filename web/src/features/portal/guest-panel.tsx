import type { PortalConfig } from '@guruconnect/shared';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Spinner } from '../../components/spinner.tsx';
import { ConsentCard } from './consent-card.tsx';
import { EndedCard } from './ended-card.tsx';
import { createGuestSession, type GuestConnection } from './guest-session.ts';
import { LinkNotice } from './link-notice.tsx';
import { ParticipantList } from './participant-list.tsx';
import { ReadOutCode } from './read-out-code.tsx';
import { SessionSummary } from './session-summary.tsx';
import { StartApp } from './start-app.tsx';
import { StopButton } from './stop-button.tsx';
import { useFlashingTitle } from './use-flashing-title.ts';

/** The end user's side of a running session: who is there, what they may do, and Stop. */
export function GuestPanel(props: {
  connection: GuestConnection;
  code: string | null;
  config: PortalConfig | undefined;
  onLeave: (notice?: string) => void;
}) {
  const { onLeave } = props;
  const [session] = useState(() => createGuestSession(props.connection));
  const { view, link, stopping, problem } = useSyncExternalStore(session.subscribe, session.getState);
  useEffect(() => session.start(), [session]);
  useEffect(() => {
    if (link === 'refused') onLeave('This session is over.');
  }, [link, onLeave]);
  const asked = view?.participants.filter((one) => one.grant.status === 'asked') ?? [];
  useFlashingTitle(asked.length > 0 ? 'Permission needed' : undefined);

  if (!view) {
    return (
      <div className="grid justify-items-center gap-4 py-12">
        <p role="status" className="flex items-center gap-3 text-muted-foreground">
          <Spinner /> {link === 'offline' ? 'The server cannot be reached. Trying again…' : 'Connecting…'}
        </p>
        {link === 'offline' && <LinkNotice problem={problem} link={link} stopping={stopping} />}
      </div>
    );
  }
  if (view.lifecycle.phase === 'ended') {
    return <EndedCard lifecycle={view.lifecycle} onAgain={() => onLeave()} />;
  }
  const code = view.code ?? props.code;
  return (
    <div className="grid gap-4">
      <LinkNotice problem={problem} link={link} stopping={stopping} />
      {asked.map((one) => (
        <ConsentCard
          key={one.id}
          participant={one}
          companyName={view.companyName}
          onAnswer={(answer) => session.answer(one.id, answer)}
        />
      ))}
      <SessionSummary view={view} />
      {view.technicianName === null && code && <ReadOutCode code={code} />}
      {view.endpoint.kind !== 'agent' && code && (
        <StartApp code={code} isLost={view.endpoint.kind === 'lost'} config={props.config} />
      )}
      <ParticipantList view={view} onWithdraw={(id) => session.withdraw(id)} />
      <StopButton busy={stopping} onStop={() => void session.stop()} />
    </div>
  );
}

import { useState } from 'react';
import { ClaimCode } from './claim-code.tsx';
import { GenerateCode } from './generate-code.tsx';
import { MachineRequests } from './machine-requests.tsx';
import { NewCodeCard } from './new-code-card.tsx';
import { RecentSessions } from './recent-sessions.tsx';
import { SessionGroupsView } from './session-groups-view.tsx';

/** Generate a code, watch who comes, join. Everything here is live over the console connection. */
export function SupportPage() {
  const [newSessionId, setNewSessionId] = useState<string>();
  return (
    <div className="grid grid-cols-1 gap-6">
      <header className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="font-semibold text-2xl tracking-tight">Support</h1>
          <p className="mt-1 text-muted-foreground text-sm">
            Give an end user a code, or take one that they read out.
          </p>
        </div>
        <div className="flex w-full flex-col-reverse gap-3 sm:w-auto sm:flex-row">
          <ClaimCode />
          <GenerateCode onCreated={setNewSessionId} />
        </div>
      </header>
      {newSessionId && (
        <NewCodeCard
          key={newSessionId}
          sessionId={newSessionId}
          onDismiss={() => setNewSessionId(undefined)}
        />
      )}
      <MachineRequests />
      <SessionGroupsView />
      <RecentSessions />
    </div>
  );
}

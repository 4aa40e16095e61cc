import type { LoginView } from '@guruconnect/shared';
import { Globe } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { TitledCard } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { browserName } from '../../lib/browser-name.ts';
import { formatDateTime } from '../../lib/format-time.ts';
import { useApiMutation, useApiQuery } from '../../lib/use-api.ts';

/** Every browser that is signed in as me. */
export function LoginList() {
  const logins = useApiQuery('listLogins');
  const [isAsking, setAsking] = useState(false);
  // The server's own word that the login has ended leads to the sign-in page.
  const everywhere = useApiMutation('signOutEverywhere', {
    onDone: () => window.location.assign('/app/login'),
  });
  return (
    <TitledCard
      title="Signed-in browsers"
      description="Sign out what you do not recognise, then change your password."
      action={
        <Button tone="dangerGhost" size="small" onClick={() => setAsking(true)}>
          Sign out everywhere
        </Button>
      }
    >
      {logins.data ? (
        <ul className="divide-y">
          {logins.data.logins.map((login) => (
            <LoginRow key={login.loginId} login={login} />
          ))}
        </ul>
      ) : logins.error ? (
        <LoadFailure error={logins.error} onRetry={() => void logins.refetch()} />
      ) : (
        <SkeletonRows rows={2} />
      )}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title="Sign out everywhere?"
        confirmLabel="Sign out everywhere"
        busy={everywhere.isPending}
        onConfirm={() => everywhere.mutate({})}
      >
        Every browser of yours is signed out, this one too. Viewers that are open are disconnected.
      </ConfirmDialog>
    </TitledCard>
  );
}

function LoginRow({ login }: { login: LoginView }) {
  const end = useApiMutation('endLogin', { refreshes: ['listLogins'], said: 'The browser was signed out.' });
  return (
    <li className="flex flex-wrap items-center gap-3 py-3 text-sm first:pt-0 last:pb-0">
      <Globe aria-hidden="true" className="size-5 shrink-0 text-muted-foreground" />
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {browserName(login.userAgent)}
          {login.current && <Badge tone="accent">This browser</Badge>}
        </p>
        <p className="text-muted-foreground">
          {login.address} · signed in {formatDateTime(login.createdAt)} · last used{' '}
          {formatDateTime(login.lastSeenAt)}
        </p>
      </div>
      {!login.current && (
        <Button
          size="small"
          busy={end.isPending}
          aria-label={`Sign out ${browserName(login.userAgent)} at ${login.address}`}
          onClick={() => end.mutate({ params: { loginId: login.loginId } })}
        >
          Sign out
        </Button>
      )}
    </li>
  );
}

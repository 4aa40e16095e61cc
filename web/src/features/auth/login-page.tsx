import { GuruError, type Me } from '@guruconnect/shared';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Navigate, useLocation, useNavigate } from 'react-router';
import { object, optional, safeParse, string } from 'zod/mini';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';
import { Notice } from '../../components/notice.tsx';
import { describeError, retryAfterSeconds } from '../../lib/describe-error.ts';
import { formatWait } from '../../lib/format-duration.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { AuthPage } from './auth-page.tsx';

const Arrival = object({ ended: optional(string()), from: optional(string()) });
const ENDED_SENTENCES: Record<string, string> = {
  'signed-out': 'You were signed out.',
  expired: 'Your sign-in has expired. Sign in again to go on.',
  disabled: 'Your account was disabled. Ask an administrator.',
  'role-changed': 'Your permissions were changed. Sign in again to go on.',
};

/** User name and password; leads back to where the person was. */
export function LoginPage() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const location = useLocation();
  const arrival = safeParse(Arrival, location.state ?? {}).data ?? {};
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const target = arrival.from ?? pathIn(location.search) ?? '/app';
  const signIn = useApiMutation('signIn', {
    showsError: true,
    onDone: (me: Me) => {
      queries.setQueryData(['me'], me);
      void navigate(target, { replace: true });
    },
  });
  if (queries.getQueryData(['me']) && signIn.isIdle) return <Navigate to={target} replace />;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (username.trim() && password)
      signIn.mutate({ body: { username: username.trim().toLowerCase(), password } });
  }
  return (
    <AuthPage title="Sign in" description="For technicians.">
      <form onSubmit={submit} className="grid gap-4">
        {signIn.error ? (
          <Notice tone="danger" announce>
            {sentenceFor(signIn.error)}
          </Notice>
        ) : (
          arrival.ended && (
            <Notice tone="info" announce>
              {ENDED_SENTENCES[arrival.ended] ?? ENDED_SENTENCES.expired}
            </Notice>
          )
        )}
        <Field label="User name">
          {(control) => (
            <Input
              {...control}
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              autoFocus
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
          )}
        </Field>
        <Field label="Password">
          {(control) => (
            <Input
              {...control}
              type="password"
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" tone="primary" busy={signIn.isPending} className="mt-2">
          Sign in
        </Button>
        <a
          href="/"
          className="justify-self-center text-muted-foreground text-sm underline underline-offset-4"
        >
          I have a support code
        </a>
      </form>
    </AuthPage>
  );
}

/** Where a page outside the dashboard wants to be led back to; only our own pages are. */
function pathIn(search: string): string | undefined {
  const from = new URLSearchParams(search).get('from') ?? '';
  return /^\/app\/session\/[\w-]+(\?mode=view)?$/.test(from) ? from : undefined;
}

function sentenceFor(error: unknown): string {
  if (!(error instanceof GuruError)) return describeError(error);
  // Names that no account can have are wrong credentials to the person, not a malformed message.
  if (error.code === 'invalid-message') return 'User name or password is wrong.';
  if (error.code === 'too-many-requests') {
    return `Too many tries. Wait ${formatWait(retryAfterSeconds(error))} and try again.`;
  }
  return error.message;
}

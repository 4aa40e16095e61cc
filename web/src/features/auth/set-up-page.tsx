import { apiRoutes, GuruError, OpaqueToken } from '@guruconnect/shared';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { safeParse } from 'zod/mini';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';
import { Notice } from '../../components/notice.tsx';
import { NewPasswordField } from '../../components/password-field.tsx';
import { describeError } from '../../lib/describe-error.ts';
import { FIELD_SENTENCES, fieldProblems } from '../../lib/field-problems.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { AuthPage } from './auth-page.tsx';

/** The first administrator; exists only with the one-time token from the server's console. */
export function SetUpPage() {
  // The fragment never reaches a server, a proxy or a log.
  const [token] = useState(() => safeParse(OpaqueToken, window.location.hash.slice(1)).data);
  if (!token) {
    return (
      <AuthPage title="Set up GuruConnect">
        <Notice tone="warning">
          This page needs the one-time link that the server printed on its console. Open that link, complete
          with everything after the # sign.
        </Notice>
      </AuthPage>
    );
  }
  return (
    <AuthPage title="Set up GuruConnect" description="Create the first administrator. The link works once.">
      <SetUpForm token={token} />
    </AuthPage>
  );
}

function SetUpForm({ token }: { token: string }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [form, setForm] = useState({ companyName: '', name: '', username: '', password: '' });
  const [problems, setProblems] = useState<Partial<typeof form>>({});
  const setUp = useApiMutation('setUp', {
    showsError: true,
    onDone: (me) => {
      queries.setQueryData(['me'], me);
      void navigate('/app', { replace: true });
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const body = { token, ...form };
    const found = fieldProblems(apiRoutes.setUp.body, body, FIELD_SENTENCES);
    setProblems(found ?? {});
    if (!found) setUp.mutate({ body });
  }
  const input = (
    field: 'companyName' | 'name' | 'username',
    label: string,
    autoComplete: string,
    hint?: string,
  ) => (
    <Field label={label} hint={hint} error={problems[field]}>
      {(control) => (
        <Input
          {...control}
          name={field}
          autoComplete={autoComplete}
          {...(field === 'username' ? { autoCapitalize: 'none', spellCheck: false } : {})}
          value={form[field]}
          onChange={(event) => setForm({ ...form, [field]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      {setUp.error && (
        <Notice tone="danger" announce>
          {setUpSentence(setUp.error)}
        </Notice>
      )}
      {input('companyName', 'Company name', 'organization', 'Your customers see it on the support page.')}
      {input('name', 'Your name', 'name', 'Customers see who asks to connect.')}
      {input('username', 'User name', 'username')}
      <NewPasswordField
        label="Password"
        name="password"
        value={form.password}
        onChange={(password) => setForm({ ...form, password })}
        known={[form.username, ...form.name.split(' '), ...form.companyName.split(' ')]}
        error={problems.password}
      />
      <Button type="submit" tone="primary" busy={setUp.isPending} className="mt-2">
        Create administrator
      </Button>
    </form>
  );
}

function setUpSentence(error: unknown): string {
  if (error instanceof GuruError && (error.code === 'not-found' || error.code === 'not-allowed')) {
    return 'This link is not valid any more. If nobody is set up yet, restart the server to get a new one.';
  }
  return describeError(error);
}

import { apiRoutes, GuruError } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { TitledCard } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';
import { NewPasswordField } from '../../components/password-field.tsx';
import { describeError } from '../../lib/describe-error.ts';
import { FIELD_SENTENCES, fieldProblems } from '../../lib/field-problems.ts';
import { useMe } from '../../lib/me-context.ts';
import { ROLE_NAMES } from '../../lib/role-names.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { LoginList } from './login-list.tsx';

export function AccountTab() {
  const me = useMe();
  return (
    <div className="grid grid-cols-1 gap-6">
      <TitledCard title="You">
        <dl className="grid gap-x-8 gap-y-3 text-sm sm:grid-cols-3">
          <Fact name="Name" value={me.name} />
          <Fact name="User name" value={me.username} />
          <Fact name="Role" value={ROLE_NAMES[me.role]} />
        </dl>
      </TitledCard>
      <PasswordCard />
      <LoginList />
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="mt-0.5 break-words font-medium">{value}</dd>
    </div>
  );
}

const SENTENCES = { current: 'Enter your current password.', next: FIELD_SENTENCES.password };

function PasswordCard() {
  const me = useMe();
  const [form, setForm] = useState({ current: '', next: '' });
  const [problems, setProblems] = useState<Partial<typeof form>>({});
  const change = useApiMutation('changePassword', {
    said: 'Your password was changed. Your other browsers were signed out.',
    showsError: true,
    refreshes: ['listLogins'],
    onDone: () => setForm({ current: '', next: '' }),
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = fieldProblems(apiRoutes.changePassword.body, form, SENTENCES);
    setProblems(found ?? {});
    if (!found) change.mutate({ body: form });
  }
  return (
    <TitledCard title="Password" description="Changing it signs your other browsers out.">
      <form onSubmit={submit} noValidate className="grid max-w-sm gap-4">
        <input type="hidden" name="username" autoComplete="username" value={me.username} />
        <Field label="Current password" error={problems.current ?? currentProblem(change.error)}>
          {(control) => (
            <Input
              {...control}
              type="password"
              name="current"
              autoComplete="current-password"
              value={form.current}
              onChange={(event) => setForm({ ...form, current: event.target.value })}
            />
          )}
        </Field>
        <NewPasswordField
          label="New password"
          name="next"
          value={form.next}
          onChange={(next) => setForm({ ...form, next })}
          known={[me.username, ...me.name.split(' ')]}
          error={problems.next}
        />
        <Button type="submit" tone="primary" busy={change.isPending} className="justify-self-start">
          Change password
        </Button>
      </form>
    </TitledCard>
  );
}

function currentProblem(error: unknown): string | undefined {
  if (!error) return undefined;
  if (error instanceof GuruError && error.code === 'wrong-credentials')
    return 'This is not your current password.';
  return describeError(error);
}

import { apiRoutes, GuruError } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';
import { Notice } from '../../components/notice.tsx';
import { NewPasswordField } from '../../components/password-field.tsx';
import { describeError } from '../../lib/describe-error.ts';
import { FIELD_SENTENCES, fieldProblems } from '../../lib/field-problems.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { type RoleAndTeam, RoleAndTeamFields } from './role-and-team-fields.tsx';

export function AddTechnicianDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title="Add a technician"
      description="Tell them the password in person; they can change it under Account."
    >
      <AddForm onDone={() => props.onOpenChange(false)} />
    </Dialog>
  );
}

function AddForm({ onDone }: { onDone: () => void }) {
  const [form, setForm] = useState({ name: '', username: '', password: '' });
  const [place, setPlace] = useState<RoleAndTeam>({ role: 'technician', teamId: null });
  const [problems, setProblems] = useState<Partial<typeof form>>({});
  const create = useApiMutation('createUser', {
    refreshes: ['listUsers', 'listTeams'],
    said: `${form.name} was added.`,
    showsError: true,
    onDone,
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const body = { ...form, ...place };
    const found = fieldProblems(apiRoutes.createUser.body, body, FIELD_SENTENCES);
    setProblems(found ?? {});
    if (!found) create.mutate({ body });
  }
  const isTaken = create.error instanceof GuruError && create.error.code === 'name-taken';
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      {create.error && !isTaken && (
        <Notice tone="danger" announce>
          {describeError(create.error)}
        </Notice>
      )}
      <Field label="Name" error={problems.name}>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="User name"
        error={problems.username ?? (isTaken ? 'This user name is taken already.' : undefined)}
      >
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={form.username}
            onChange={(event) => setForm({ ...form, username: event.target.value })}
          />
        )}
      </Field>
      <RoleAndTeamFields value={place} onChange={setPlace} />
      <NewPasswordField
        label="Password"
        name="password"
        value={form.password}
        onChange={(password) => setForm({ ...form, password })}
        known={[form.username, ...form.name.split(' ')]}
        error={problems.password}
      />
      <DialogActions>
        <Button type="submit" tone="primary" busy={create.isPending}>
          Add technician
        </Button>
      </DialogActions>
    </form>
  );
}

import { NewPassword, type UserView } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { safeParse } from 'zod/mini';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { NewPasswordField } from '../../components/password-field.tsx';
import { FIELD_SENTENCES } from '../../lib/field-problems.ts';
import { useApiMutation } from '../../lib/use-api.ts';

export function ResetPasswordDialog({ user, onClose }: { user: UserView; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string>();
  const change = useApiMutation('changeUser', {
    said: `The password of ${user.name} was changed.`,
    onDone: onClose,
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const isGood = safeParse(NewPassword, password).success;
    setProblem(isGood ? undefined : FIELD_SENTENCES.password);
    if (isGood) change.mutate({ params: { userId: user.userId }, body: { password } });
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Reset the password of ${user.name}`}
      description="They are signed out everywhere and need the new one. Tell it to them in person."
    >
      <form onSubmit={submit} noValidate>
        <NewPasswordField
          label="New password"
          name="password"
          value={password}
          onChange={setPassword}
          known={[user.username, ...user.name.split(' ')]}
          error={problem}
        />
        <DialogActions>
          <Button type="submit" tone="primary" busy={change.isPending}>
            Reset password
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

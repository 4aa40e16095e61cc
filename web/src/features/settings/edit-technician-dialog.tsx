import { apiRoutes, type UserView } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';
import { FIELD_SENTENCES, fieldProblems } from '../../lib/field-problems.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { type RoleAndTeam, RoleAndTeamFields } from './role-and-team-fields.tsx';

export function EditTechnicianDialog({ user, onClose }: { user: UserView; onClose: () => void }) {
  const [name, setName] = useState(user.name);
  const [place, setPlace] = useState<RoleAndTeam>({ role: user.role, teamId: user.teamId });
  const [problem, setProblem] = useState<string>();
  const change = useApiMutation('changeUser', {
    refreshes: ['listUsers', 'listTeams'],
    said: 'Saved.',
    onDone: onClose,
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    // Only what is different: naming the old role again must not sign anybody out.
    const body = {
      ...(name === user.name ? {} : { name }),
      ...(place.role === user.role ? {} : { role: place.role }),
      ...(place.teamId === user.teamId ? {} : { teamId: place.teamId }),
    };
    const found = fieldProblems(apiRoutes.changeUser.body, body, { name: FIELD_SENTENCES.name });
    setProblem(found?.name);
    if (found) return;
    if (Object.keys(body).length === 0) onClose();
    else change.mutate({ params: { userId: user.userId }, body });
  }
  return (
    <Dialog open onOpenChange={onClose} title={`Edit ${user.name}`}>
      <form onSubmit={submit} noValidate className="grid gap-4">
        <Field label="Name" error={problem}>
          {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <RoleAndTeamFields value={place} onChange={setPlace} />
        <DialogActions>
          <Button type="submit" tone="primary" busy={change.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

import type { MachineCommandKind, MachineDetails } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';
import { Notice } from '../../components/notice.tsx';
import { describeError } from '../../lib/describe-error.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { COMMANDS, warningOf } from './command-words.ts';

/** Asks before a machine restarts; for an emergency, the machine's name must be typed (U7). */
export function RestartDialog(props: {
  kind: MachineCommandKind;
  details: MachineDetails;
  onClose: () => void;
}) {
  const { kind, details, onClose } = props;
  const { machineId, name, online } = details.row;
  const [typed, setTyped] = useState('');
  const isEmergency = kind === 'emergency';
  const mayGo = !isEmergency || typed.trim() === name.trim();
  const command = useApiMutation('commandMachine', {
    refreshes: ['listCommands', 'getMachine'],
    showsError: true,
    onDone: onClose,
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!mayGo) return;
    command.mutate({
      params: { machineId },
      body: { kind, ...(isEmergency ? { confirm: typed.trim() } : {}) },
    });
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`${COMMANDS[kind].name}: ${name}`}
      description={warningOf(kind, online)}
    >
      <form onSubmit={submit} noValidate className="grid gap-4">
        {command.error && (
          <Notice tone="danger" announce>
            {describeError(command.error)}
          </Notice>
        )}
        {isEmergency && (
          <Field label="Type the machine’s name to confirm" hint={<bdi className="font-mono">{name}</bdi>}>
            {(control) => (
              <Input
                {...control}
                autoFocus
                autoComplete="off"
                spellCheck={false}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            tone={isEmergency ? 'danger' : 'primary'}
            busy={command.isPending}
            disabled={!mayGo}
          >
            {isEmergency ? 'Restart at once' : 'Restart'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

import type { ApiBody, MachineCommandKind } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { COMMANDS, warningOf } from '../lib/command-words.ts';
import { describeError } from '../lib/describe-error.ts';
import { Button } from './button.tsx';
import { Dialog, DialogActions } from './dialog.tsx';
import { Field } from './field.tsx';
import { Input } from './input.tsx';
import { Notice } from './notice.tsx';

/** Asks before a machine restarts; for an emergency, the machine's name must be typed (U7). */
export function RestartDialog(props: {
  kind: MachineCommandKind;
  name: string;
  isOnline: boolean;
  /** Rejects with what the person is told. */
  command: (body: ApiBody<'commandMachine'>) => Promise<unknown>;
  onClose: () => void;
}) {
  const { kind, name, onClose } = props;
  const [typed, setTyped] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const isEmergency = kind === 'emergency';
  const mayGo = !isEmergency || typed.trim() === name.trim();
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!mayGo || isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await props.command({ kind, ...(isEmergency ? { confirm: typed.trim() } : {}) });
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`${COMMANDS[kind].name}: ${name}`}
      description={warningOf(kind, props.isOnline)}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4">
        {error !== undefined && (
          <Notice tone="danger" announce>
            {describeError(error)}
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
          <Button type="submit" tone={isEmergency ? 'danger' : 'primary'} busy={isBusy} disabled={!mayGo}>
            {isEmergency ? 'Restart at once' : 'Restart'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

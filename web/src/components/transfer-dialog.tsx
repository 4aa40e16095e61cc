import type { ApiReply } from '@guruconnect/shared';
import { type FormEvent, useEffect, useState } from 'react';
import { describeError } from '../lib/describe-error.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { Dialog, DialogActions } from './dialog.tsx';
import { Field } from './field.tsx';
import { Input } from './input.tsx';
import { Notice } from './notice.tsx';
import { Spinner } from './spinner.tsx';

type TransferChoice = ApiReply<'transferChoices'>['technicians'][number];

/** Where a transfer is asked for: a list of sessions, or a viewer. */
export interface TransferDialogProps {
  /** Technicians who could take the session over. */
  readonly loadChoices: () => Promise<readonly TransferChoice[]>;
  readonly offer: (to: string, note: string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Offers the session to another technician; it goes on as it is until they answer. */
export function TransferDialog(props: TransferDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title="Transfer this session"
      description="The picture goes on until the other one accepts; then the session is theirs, and you keep watching."
    >
      <TransferForm {...props} />
    </Dialog>
  );
}

function TransferForm({ loadChoices, offer, onClose }: TransferDialogProps) {
  const [choices, setChoices] = useState<readonly TransferChoice[]>();
  const [to, setTo] = useState<string>();
  const [note, setNote] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when it opens
  useEffect(() => {
    let isHere = true;
    loadChoices().then(
      (found) => isHere && setChoices(found.toSorted(byPresence)),
      (error: unknown) => isHere && setProblem(describeError(error)),
    );
    return () => {
      isHere = false;
    };
  }, []);
  function submit(event: FormEvent): void {
    event.preventDefault();
    setProblem(to === undefined ? 'Choose a technician.' : undefined);
    if (to === undefined) return;
    setBusy(true);
    offer(to, note.trim()).then(onClose, (error: unknown) => {
      setBusy(false);
      setProblem(describeError(error));
    });
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      {choices === undefined && problem === undefined && (
        <p role="status" className="flex items-center gap-2 text-muted-foreground text-sm">
          <Spinner /> Looking who could take it…
        </p>
      )}
      {choices?.length === 0 && (
        <p className="text-muted-foreground text-sm">There is nobody else who could take it over.</p>
      )}
      {choices && choices.length > 0 && <Choices choices={choices} value={to} onValue={setTo} />}
      <Field label="Note" hint="What the other one should know; they see it with the offer.">
        {(control) => (
          <Input
            {...control}
            maxLength={300}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      {problem && (
        <Notice tone="danger" announce>
          {problem}
        </Notice>
      )}
      <DialogActions>
        <Button type="submit" tone="primary" busy={isBusy} disabled={!choices || choices.length === 0}>
          Offer
        </Button>
      </DialogActions>
    </form>
  );
}

function Choices(props: {
  choices: readonly TransferChoice[];
  value: string | undefined;
  onValue: (userId: string) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">To whom?</legend>
      <div className="grid max-h-60 gap-1 overflow-y-auto rounded-lg border p-1">
        {props.choices.map(({ userId, name, online }) => (
          <label
            key={userId}
            className="flex cursor-pointer items-center gap-3 rounded-md px-2.5 py-2 text-sm hover:bg-muted has-checked:bg-accent has-checked:text-accent-foreground"
          >
            <input
              type="radio"
              name="to"
              className="accent-primary"
              checked={props.value === userId}
              onChange={() => props.onValue(userId)}
            />
            <span className="min-w-0 flex-1 truncate">{name}</span>
            <Badge tone={online ? 'success' : 'neutral'}>{online ? 'Online' : 'Away'}</Badge>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Those who would see the offer now come first. */
function byPresence(left: TransferChoice, right: TransferChoice): number {
  return Number(right.online) - Number(left.online) || left.name.localeCompare(right.name);
}

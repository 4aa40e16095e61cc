import { type FormEvent, useState } from 'react';
import { Button } from './button.tsx';
import { DialogActions } from './dialog.tsx';
import { Field } from './field.tsx';
import { TextArea } from './input.tsx';

/** Asks for the note of a flag, in a dialog. */
export function FlagForm(props: { before?: string; busy: boolean; onFlag: (note: string) => void }) {
  const [note, setNote] = useState(props.before ?? '');
  function submit(event: FormEvent): void {
    event.preventDefault();
    props.onFlag(note.trim());
  }
  return (
    <form onSubmit={submit}>
      <Field label="What should somebody look at?" hint="May be left empty.">
        {(control) => (
          <TextArea
            {...control}
            autoFocus
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      <DialogActions>
        <Button type="submit" tone="primary" busy={props.busy}>
          Flag
        </Button>
      </DialogActions>
    </form>
  );
}

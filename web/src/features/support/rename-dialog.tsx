import type { SessionView, Visibility } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';
import { useSessionFeed } from '../../lib/session-feed-context.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { VisibilityField } from './visibility-field.tsx';

export function RenameDialog(props: {
  session: SessionView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title="Name and visibility">
      <RenameForm session={props.session} onDone={() => props.onOpenChange(false)} />
    </Dialog>
  );
}

function RenameForm({ session, onDone }: { session: SessionView; onDone: () => void }) {
  const feed = useSessionFeed();
  const [name, setName] = useState(session.name ?? '');
  const [visibility, setVisibility] = useState<Visibility>(session.visibility);
  const change = useApiMutation('changeSession', {
    onDone: (changed) => {
      feed.put(changed);
      onDone();
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    change.mutate({ params: { sessionId: session.id }, body: { name: name.trim() || null, visibility } });
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label="Name">
        {(control) => (
          <Input {...control} maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <VisibilityField value={visibility} onChange={setVisibility} />
      <DialogActions>
        <Button type="submit" tone="primary" busy={change.isPending}>
          Save
        </Button>
      </DialogActions>
    </form>
  );
}

import { type ApiBody, may, type Visibility } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Checkbox, Input, Select } from '../../components/input.tsx';
import { useActor, useMe } from '../../lib/me-context.ts';
import { AssignField } from './assign-field.tsx';
import { EXPIRY_CHOICES, type ExpiryChoice, expiryMinutes } from './expiry-choices.ts';
import { VisibilityField } from './visibility-field.tsx';

type CreateBody = ApiBody<'createSession'>;

/** Name, expiry, who it is for, who may see it. */
export function GenerateDialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  busy: boolean;
  onSubmit: (body: CreateBody) => void;
}) {
  return (
    <Dialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title="Generate a code"
      description="All fields are optional."
    >
      <GenerateForm busy={props.busy} onSubmit={props.onSubmit} />
    </Dialog>
  );
}

function GenerateForm({ busy, onSubmit }: { busy: boolean; onSubmit: (body: CreateBody) => void }) {
  const me = useMe();
  const actor = useActor();
  const [name, setName] = useState('');
  const [expiry, setExpiry] = useState<ExpiryChoice>('default');
  const [assignTo, setAssignTo] = useState<string | null>(me.userId);
  const [visibility, setVisibility] = useState<Visibility>(me.preferences.sessionVisibility);
  const [waivesConsent, setWaivesConsent] = useState(false);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const minutes = expiryMinutes(expiry);
    onSubmit({
      visibility,
      ...(name.trim() ? { name: name.trim() } : {}),
      ...(minutes === undefined ? {} : { expiresInMinutes: minutes }),
      ...(assignTo === me.userId ? {} : { assignTo }),
      ...(waivesConsent ? { consentRequired: false } : {}),
    });
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label="Name" hint="A customer or a ticket, for your own overview.">
        {(control) => (
          <Input {...control} maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Expires">
          {(control) => (
            <Select
              {...control}
              value={expiry}
              onChange={(event) => setExpiry(event.target.value as ExpiryChoice)}
            >
              {EXPIRY_CHOICES.map((choice) => (
                <option key={choice.value} value={choice.value}>
                  {choice.label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <VisibilityField value={visibility} onChange={setVisibility} />
      </div>
      {may(actor, 'session:assign', null) && <AssignField value={assignTo} onChange={setAssignTo} />}
      {may(actor, 'session:waive-consent', null) && (
        <Checkbox
          label="Ask nobody for consent"
          hint="Only for machines without a person in front of them."
          checked={waivesConsent}
          onChange={(event) => setWaivesConsent(event.target.checked)}
        />
      )}
      <DialogActions>
        <Button type="submit" tone="primary" busy={busy}>
          Generate code
        </Button>
      </DialogActions>
    </form>
  );
}

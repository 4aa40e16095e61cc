import { apiRoutes, type InstallerView } from '@guruconnect/shared';
import { Send } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { Input, Select, TextArea } from '../../components/input.tsx';
import { Notice } from '../../components/notice.tsx';
import { describeError } from '../../lib/describe-error.ts';
import { fieldProblems } from '../../lib/field-problems.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { type Releases, whyNot } from './delivery.ts';

const KINDS = [
  { value: 'exe', label: 'Windows EXE', needs: 'exe' },
  { value: 'msi', label: 'Windows MSI', needs: 'msi' },
  { value: 'linux', label: 'Linux', needs: 'linux' },
] as const;
type Kind = (typeof KINDS)[number]['value'];

const SENTENCES = {
  to: 'Enter one e-mail address, such as name@example.com.',
  note: 'Use at most 1000 characters.',
};

/** Sends the link of an installer to somebody (B3). */
export function MailDialog(props: {
  installer: InstallerView;
  releases: Releases | undefined;
  onClose: () => void;
}) {
  const { installer, releases, onClose } = props;
  const usable = KINDS.filter(({ needs }) => whyNot(needs, releases) === undefined);
  const [form, setForm] = useState<{ to: string; note: string; kind: Kind }>({
    to: '',
    note: '',
    kind: usable[0]?.value ?? 'exe',
  });
  const [problems, setProblems] = useState<Partial<Record<keyof typeof SENTENCES, string>>>({});
  const mail = useApiMutation('mailInstaller', {
    said: `The link was sent to ${form.to.trim()}.`,
    showsError: true,
    onDone: onClose,
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const body = { ...form, to: form.to.trim() };
    const found = fieldProblems(apiRoutes.mailInstaller.body, body, SENTENCES);
    setProblems(found ?? {});
    if (!found) mail.mutate({ params: { installerId: installer.installerId }, body });
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Send the link by e-mail"
      description={`Whoever has the link can enrol machines into ${installer.company.name}, for as long as the installer works.`}
    >
      <form onSubmit={submit} noValidate className="grid gap-4">
        {mail.error && (
          <Notice tone="danger" announce>
            {describeError(mail.error)}
          </Notice>
        )}
        <Field label="To" error={problems.to}>
          {(control) => (
            <Input
              {...control}
              type="email"
              autoComplete="off"
              autoFocus
              value={form.to}
              onChange={(event) => setForm({ ...form, to: event.target.value })}
            />
          )}
        </Field>
        <Field label="Program">
          {(control) => (
            <Select
              {...control}
              value={form.kind}
              onChange={(event) => setForm({ ...form, kind: event.target.value as Kind })}
            >
              {KINDS.map(({ value, label, needs }) => (
                <option key={value} value={value} disabled={whyNot(needs, releases) !== undefined}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Note" hint="Plain text, above the link." error={problems.note}>
          {(control) => (
            <TextArea
              {...control}
              rows={3}
              value={form.note}
              onChange={(event) => setForm({ ...form, note: event.target.value })}
            />
          )}
        </Field>
        <DialogActions>
          <Button type="submit" tone="primary" busy={mail.isPending}>
            <Send aria-hidden="true" /> Send
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

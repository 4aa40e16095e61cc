import { DisplayName } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { safeParse } from 'zod/mini';
import { Button } from '../../components/button.tsx';
import { Input } from '../../components/input.tsx';

/** A new name in the place of the old one, in a list. */
export function RenameForm(props: {
  name: string;
  busy: boolean;
  size?: 'small';
  onRename: (name: string) => void;
  onCancel: () => void;
}) {
  const [name, setName] = useState(props.name);
  const size = props.size ? { size: props.size } : {};
  function submit(event: FormEvent): void {
    event.preventDefault();
    const parsed = safeParse(DisplayName, name);
    if (parsed.success) props.onRename(parsed.data);
  }
  return (
    <form onSubmit={submit} className="flex flex-1 flex-wrap items-center gap-2">
      <Input
        aria-label={`New name of ${props.name}`}
        autoFocus
        required
        maxLength={80}
        className="max-w-xs"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" tone="primary" {...size} busy={props.busy}>
        Save
      </Button>
      <Button {...size} onClick={props.onCancel}>
        Keep the old name
      </Button>
    </form>
  );
}

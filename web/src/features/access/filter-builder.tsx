import { MAX_QUERY_LENGTH, MAX_QUERY_TERMS, parseMachineQuery, printMachineQuery } from '@guruconnect/shared';
import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Notice } from '../../components/notice.tsx';
import { BuilderLine } from './builder-line.tsx';
import { type BuilderRow, queryOf, rowsOf } from './builder-rows.ts';

type Numbered = { readonly id: number; readonly row: BuilderRow };

const EMPTY: BuilderRow = { kind: 'text', field: 'company', not: false, text: '' };

/** A query put together from lines, for people who do not want to write one. */
export function FilterBuilder(props: {
  query: string;
  onApply: (query: string) => void;
  onClose: () => void;
}) {
  const parsed = parseMachineQuery(props.query);
  const [lines, setLines] = useState<readonly Numbered[]>(() => {
    const rows = parsed.ok ? rowsOf(parsed.query) : [];
    return (rows.length > 0 ? rows : [EMPTY]).map((row, id) => ({ id, row }));
  });
  const [nextId, setNextId] = useState(lines.length);
  const text = printMachineQuery(queryOf(lines.map(({ row }) => row)));
  const isTooLong = text.length > MAX_QUERY_LENGTH;

  function change(id: number, row: BuilderRow): void {
    setLines(lines.map((line) => (line.id === id ? { id, row } : line)));
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isTooLong) return;
    props.onApply(text);
    props.onClose();
  }
  return (
    <Dialog
      open
      onOpenChange={props.onClose}
      title="Build a filter"
      description="A machine is shown when everything here is true of it."
    >
      <form onSubmit={submit} className="grid gap-3">
        {!parsed.ok && (
          <Notice tone="warning">What is in the search field could not be read; this begins anew.</Notice>
        )}
        <ul className="grid gap-2">
          {lines.map(({ id, row }, place) => (
            <li key={id}>
              <BuilderLine
                row={row}
                number={place + 1}
                onChange={(changed) => change(id, changed)}
                onRemove={() => setLines(lines.filter((line) => line.id !== id))}
              />
            </li>
          ))}
        </ul>
        <Button
          size="small"
          className="justify-self-start"
          disabled={lines.length >= MAX_QUERY_TERMS}
          onClick={() => {
            setLines([...lines, { id: nextId, row: EMPTY }]);
            setNextId(nextId + 1);
          }}
        >
          <Plus aria-hidden="true" /> Add a condition
        </Button>
        <p className="break-words text-muted-foreground text-sm">
          In the search field: <code className="font-mono text-foreground">{text || '(all machines)'}</code>
        </p>
        {isTooLong && (
          <p role="alert" className="text-danger-text text-sm">
            This is too long: at most {MAX_QUERY_LENGTH} characters.
          </p>
        )}
        <DialogActions>
          <Button type="submit" tone="primary">
            Show the machines
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
